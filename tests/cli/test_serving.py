"""`spean serve`: which parts of the work, and what keeps it from starting."""

from pathlib import Path

import pytest

from bot.process import roles
from bot.process.roles import ALL, Role
from tests.cli.command import Spean


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("all", ALL),
        ("ingest", {Role.INGEST}),
        ("dispatch,tick", {Role.DISPATCH, Role.TICK}),
        ("ingest, dispatch ,tick", ALL),
        ("console", None),
        ("all,tick", None),
        ("", None),
        ("ingest,", None),
    ],
)
def test_roles_are_written_with_commas(written: str, meant: frozenset[Role] | None) -> None:
    assert roles.read(written) == meant


def test_an_unknown_role_is_misuse(spean: Spean) -> None:
    ran = spean("serve", "--role", "sender")
    assert ran.status == 2
    assert ran.err == "--role · there is no such role · write all, ingest, dispatch, tick\n"


@pytest.mark.parametrize("asked", [("--role", "tick"), ("--role", "ingest", "--role", "dispatch")])
def test_a_file_is_served_by_one_process_that_does_everything(spean: Spean, asked: tuple[str, ...]) -> None:
    ran = spean("serve", *asked)
    assert ran.status == 2
    assert ran.err.startswith(
        "--role · one process serves a SQLite store, and does everything · write --role all"
    )


def test_serve_makes_and_upgrades_no_tables(spean: Spean, house: Path) -> None:
    ran = spean("serve", "--role", "all")
    assert ran.status == 1
    assert ran.err.startswith("[storage] url · the store is at version none")
    assert "spean db upgrade" in ran.err
    assert spean("db", "upgrade", "0004").status == 0
    ran = spean("serve", "--role", "all")
    assert ran.status == 1
    assert "the store is at version 0004" in ran.err
    assert not (house / "var" / "backups").exists()
