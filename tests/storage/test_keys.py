"""The master key: on paper and back, and another one put in its place, whenever the power goes out."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.contact import Address
from storage import keys, paper, people, rotation
from storage.database import Database
from storage.faults import BadKeyFile, DamagedCell
from storage.keys import KeyRing
from storage.paper import BadPaper
from storage.seal import Vault
from tests.storage.conftest import Greet

MONTH = timedelta(days=30)


@given(master=st.binary(min_size=32, max_size=32))
def test_what_is_written_down_is_typed_in_again(master: bytes) -> None:
    ring = KeyRing.of(master)
    assert paper.read(paper.rows(ring)) == ring


def test_a_rotated_key_is_written_down_too_without_the_older_ones(now: datetime) -> None:
    ring = KeyRing.of(b"m" * 32).rotated(now, MONTH)
    assert paper.read(paper.rows(ring)) == KeyRing(ring.index, ring.wrap)


def test_the_rows_may_be_typed_carelessly_and_in_any_order() -> None:
    ring = KeyRing.of(bytes(range(32)))
    typed = [f"{row.lower().replace('o', '0').replace('i', '1')}  " for row in reversed(paper.rows(ring))]
    assert paper.read(["SPEAN", "", *typed]) == ring
    assert (
        paper.read([row.replace("  ", ": ", 1).replace(" ", "-").replace(":-", ": ") for row in typed])
        == ring
    )


def test_a_slip_is_found_in_its_row_and_a_missing_row_is_named() -> None:
    rows = paper.rows(KeyRing.of(b"m" * 32))
    wrong = "A" if rows[1][5] != "A" else "B"
    with pytest.raises(BadPaper, match="row 2 is not"):
        paper.read([rows[0], rows[1][:5] + wrong + rows[1][6:], *rows[2:]])
    with pytest.raises(BadPaper, match="row 2 is missing"):
        paper.read([rows[0], *rows[2:]])
    with pytest.raises(BadPaper, match="missing at the end"):
        paper.read(rows[:-1])
    with pytest.raises(BadPaper):
        paper.read([])


def test_the_key_file_comes_back_as_it_was_written(tmp_path: Path, now: datetime) -> None:
    path = tmp_path / "master.key"
    for ring in (KeyRing.of(b"m" * 32), KeyRing.of(b"m" * 32).rotated(now, MONTH)):
        keys.write(path, ring)
        assert keys.read(path) == ring
        assert path.stat().st_mode & 0o777 == 0o600
        assert "***" in repr(ring)
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(BadKeyFile, match="was changed"):
        keys.read(path)
    assert [one.name for one in tmp_path.iterdir()] == ["master.key"]


def test_older_keys_are_left_out_when_no_backup_needs_them(now: datetime) -> None:
    first = KeyRing.of(b"m" * 32)
    second = first.rotated(now, MONTH)
    assert second.old == ((first.wrap, now),)
    assert [key for key, _ in second.rotated(now + MONTH, MONTH).old] == [second.wrap, first.wrap]
    assert [key for key, _ in second.rotated(now + 2 * MONTH, MONTH).old] == [second.wrap]


def test_a_new_key_takes_over_everybody_and_the_look_ups_stay(database: Database, now: datetime) -> None:
    first = KeyRing.of(os.urandom(32))
    before = Vault(first)
    person = database.run_now(
        lambda conn: people.greet(conn, before, Address("telegram:7001", "9"), "km", now)
    )
    after = Vault(first.rotated(now, MONTH))
    assert database.read_now(lambda conn: rotation.behind(conn, after)) == 1
    done = database.run_now(lambda conn: rotation.wrap_next(conn, after, 0))
    assert (done.wrapped, done.damaged) == (1, 0)
    assert database.run_now(lambda conn: rotation.wrap_next(conn, after, 0)).wrapped == 0
    assert database.run_now(lambda conn: rotation.wrap_next(conn, after, done.last)).last == 0
    assert database.read_now(lambda conn: rotation.behind(conn, after)) == 0
    found = database.run_now(lambda conn: people.find(conn, after, Address("telegram:7001", "9"), "u1"))
    assert found is not None
    assert found.contact.id == person.contact.id
    with pytest.raises(DamagedCell):
        database.run_now(lambda conn: people.find(conn, before, Address("telegram:7001", "9"), "u1"))


def test_a_damaged_key_is_counted_and_stops_nobody(database: Database, vault: Vault, greet: Greet) -> None:
    for external in ("1", "2"):
        greet(external)
    other = Vault(KeyRing.of(os.urandom(32)))
    done = database.run_now(lambda conn: rotation.wrap_next(conn, other, 0))
    assert (done.wrapped, done.damaged) == (0, 2)
    assert database.read_now(lambda conn: rotation.behind(conn, vault)) == 0
