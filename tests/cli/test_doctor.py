"""`spean doctor`: a good installation, and everything that needs a look, each with its cure."""

import json
from pathlib import Path
from typing import Literal

import pytest
from sqlalchemy import Connection, text

from bot import scripts
from bot.core.contact import Address
from bot.runner.publishing import publish
from storage import inbox, outbox, people
from storage.database import Database
from storage.outbox import Draft, Result
from storage.parts import Lane
from storage.seal import Vault
from tests.cli.command import THAT_DAY, Spean

Told = dict[str, str]


def looked(spean: Spean, where: str) -> list[Told]:
    """What the doctor says of one place."""
    checks: list[Told] = [json.loads(line) for line in spean("doctor", "--json").lines]
    return [one for one in checks if one["where"] == where]


@pytest.fixture
def store(spean: Spean, house: Path) -> Path:
    assert spean("chat", "--data", house / "var").status == 0
    return house / "var"


def test_all_is_well_before_the_first_start_and_after_it(spean: Spean, house: Path) -> None:
    assert spean("doctor").status == 0
    assert spean("chat", "--data", house / "var").status == 0
    assert spean("doctor").status == 0
    assert looked(spean, "inbox") == [
        {"state": "good", "where": "inbox", "what": "no event is parked", "cure": ""}
    ]
    assert [one["state"] for one in looked(spean, "outbox")] == ["good"]


def test_whoever_waits_too_long_is_named_by_number_and_duty_is_asked_for(spean: Spean, house: Path) -> None:
    talk = ("chat", "--json", "--data", house / "var", "--language", "en")
    assert spean(*talk, "--dialog", "talk", typed="/tap 1\n/tap 2\n").status == 0
    assert [one["state"] for one in looked(spean, "promises")] == ["good"]
    (missing,) = looked(spean, "duty")
    assert missing["what"].startswith("nobody is on duty for oddar-meanchey")
    database = Database.open(f"sqlite:///{house / 'var' / 'spean.db'}")
    database.run_now(
        lambda conn: conn.execute(text("UPDATE casefile SET answer_by = '2026-11-20 00:00:00'")).rowcount
    )
    database.close_now()
    (late,) = looked(spean, "promises")
    assert late["what"] == "past their time: 1: PU-2026-00001"


def test_parked_events_and_failed_messages_are_counted_and_named(spean: Spean, store: Path) -> None:
    vault = Vault.open(store / "master.key")
    ids: list[int] = []

    def fail(conn: Connection) -> None:
        person = people.greet(conn, vault, Address("telegram:7001", "42"), "km", THAT_DAY)
        ids.extend(
            inbox.park(conn, vault, person=person, event_id=name, raw=b"{}", reason="KeyError", now=THAT_DAY)
            for name in ("a", "b")
        )
        drafts = [
            Draft(cause=name, lane=Lane.REPLY, body=b"{}", not_before=THAT_DAY) for name in ("x", "y", "z")
        ]
        born = outbox.add(conn, person, drafts, first_seq=1, now=THAT_DAY, lease=("me", THAT_DAY))
        ends: list[Literal["failed", "sent"]] = ["failed", "failed", "sent"]
        rows = [Result(row, end) for row, end in zip(born, ends, strict=True)]
        outbox.finish(conn, rows, THAT_DAY)

    database = Database.open(f"sqlite:///{store}/spean.db")
    database.run_now(fail)
    database.close_now()
    (parked,) = looked(spean, "inbox")
    first, second = ids
    assert parked["state"] == "warning"
    assert parked["what"] == f"parked because a step failed: 2: {first} (KeyError), {second} (KeyError)"
    (failed,) = looked(spean, "outbox of telegram:7001")
    assert (failed["state"], failed["what"]) == ("warning", "messages failed: 2")
    assert spean("doctor").status == 0


def test_scripts_changed_in_the_files_and_in_the_store_are_told_with_both_cures(
    spean: Spean, store: Path, house: Path
) -> None:
    assert store.exists()
    words = house / "locales" / "en" / "LC_MESSAGES" / "menu.po"
    original = words.read_text("utf-8")
    words.write_text(original.replace("Please choose one.", "Pick one."), "utf-8")
    assert [one["state"] for one in looked(spean, "dialogs/")] == ["warning"]
    assert spean("script", "import", "--yes").status == 0
    words.write_text(original.replace("Please choose one.", "Take one."), "utf-8")
    (told,) = looked(spean, "dialogs/")
    assert told["state"] == "fault"
    assert "script import" in told["cure"]
    assert "script export" in told["cure"]
    assert spean("doctor").status == 1


def test_what_the_live_release_lacks_for_this_version_is_told(spean: Spean, store: Path, house: Path) -> None:
    weights = house / "dialogs" / "safety.weights"
    original = weights.read_bytes()
    weights.write_bytes(b"an older form")
    old = scripts.read_files(house)
    database = Database.open(f"sqlite:///{store}/spean.db")
    database.run_now(lambda conn: publish(conn, scripts.digest(old), old, THAT_DAY))
    database.close_now()
    weights.write_bytes(original)
    (told,) = looked(spean, "the store's dialogs/safety.weights")
    assert (told["state"], told["what"]) == ("fault", "The weights cannot be read.")
    assert spean("doctor").status == 1


def test_damaged_pages_are_found_and_left_alone(spean: Spean, store: Path) -> None:
    file = store / "spean.db"
    pages = bytearray(file.read_bytes())
    start = pages.rfind(b"msgid") // 4096 * 4096  # a page of the imported script: opening does not read it
    pages[start : start + 8] = b"\xee" * 8
    file.write_bytes(pages)
    (told,) = looked(spean, "[storage] url")
    assert told["state"] == "fault"
    assert told["what"].startswith("the store is damaged: ")
    assert told["cure"] == "keep a copy of the file and restore the last backup"
    assert file.read_bytes() == pages


def test_a_lost_key_is_a_fault_and_none_is_made(spean: Spean, store: Path) -> None:
    (store / "master.key").unlink()
    (told,) = looked(spean, "[storage] master_key_file")
    assert (told["state"], told["what"]) == ("fault", "the master key file var/master.key is missing")
    assert not (store / "master.key").exists()
