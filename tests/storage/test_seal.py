"""Sealing: keys, cells bound to their place, blind ids, and a file that holds no clear word."""

import os
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Connection

from bot.core.contact import Address
from storage import (
    case_notes,
    cases,
    consents,
    inbox,
    lookup,
    media,
    outbox,
    people,
    settings,
    staff,
    submissions,
)
from storage.database import Database
from storage.faults import BadKeyFile, DamagedCell, StoreFault, WrongKey
from storage.outbox import Draft, Result
from storage.seal import Vault
from storage.staff import Grant
from tests.storage.desk import ACCOUNT, said

WORDS = "ខ្ញុំត្រូវការជំនួយ"
NAME = "សុភា"
PHONE = "+85512345678"
PLATFORM_ID = "93007001"
GRANTED = True
MESSAGE_ID = "telegram-message-448812"


def test_the_first_start_makes_the_key_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "var" / "master.key"
    first = Vault.open(path)
    assert path.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in path.parent.iterdir()] == ["master.key"]
    assert Vault.open(path).blind("phone", PHONE) == first.blind("phone", PHONE)


@pytest.mark.parametrize("size", [0, 31, 33])
def test_a_key_file_of_the_wrong_length_is_refused_and_left_alone(tmp_path: Path, size: int) -> None:
    path = tmp_path / "master.key"
    path.write_bytes(b"k" * size)
    with pytest.raises(BadKeyFile, match=rf"has {size} bytes instead of 32"):
        Vault.open(path)
    assert path.stat().st_size == size


def test_a_key_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BadKeyFile, match=r"storage\.master_key_file"):
        Vault.open(tmp_path / "file" / "master.key")


@given(plain=st.binary(max_size=300), where=st.text(max_size=20), natural=st.text(max_size=20))
def test_what_is_sealed_opens_only_in_its_place(plain: bytes, where: str, natural: str) -> None:
    _, key = Vault(b"m" * 32).new_key()
    sealed = key.seal(where, natural, plain)
    assert key.open(where, natural, sealed) == plain
    with pytest.raises(DamagedCell):
        key.open(where, natural + "1", sealed)
    with pytest.raises(DamagedCell):
        key.open(where, natural, sealed[:-1] + bytes([sealed[-1] ^ 1]))
    with pytest.raises(DamagedCell):
        key.open(where, natural, b"")


def test_a_persons_key_opens_no_other_persons_cell() -> None:
    vault = Vault(os.urandom(32))
    (wrapped, mine), (_, theirs) = vault.new_key(), vault.new_key()
    assert vault.unwrap(wrapped).open("a|b", "1", mine.seal("a|b", "1", b"x")) == b"x"
    with pytest.raises(DamagedCell, match="another key"):
        theirs.open("a|b", "1", mine.seal("a|b", "1", b"x"))
    with pytest.raises(DamagedCell):
        Vault(os.urandom(32)).unwrap(wrapped)
    assert not issubclass(DamagedCell, StoreFault)  # the rest of the store goes on


def test_keys_never_show_themselves() -> None:
    vault = Vault(b"\x07" * 32)
    assert f"{vault!r} {vault.new_key()[1]!r}" == "Vault(***) DataKey(***)"


def test_blind_ids_differ_by_kind_and_by_master_key() -> None:
    vault, other = Vault(b"a" * 32), Vault(b"b" * 32)
    blinds = {vault.blind("phone", PHONE), vault.blind("name", PHONE), other.blind("phone", PHONE)}
    assert len(blinds) == 3
    assert {len(blind) for blind in blinds} == {16}


def test_another_master_key_is_refused_before_anything_is_written(database: Database, vault: Vault) -> None:
    database.run_now(lambda conn: settings.check_key(conn, vault))
    database.run_now(lambda conn: settings.check_key(conn, vault))
    with pytest.raises(WrongKey, match="nothing was changed"):
        database.run_now(lambda conn: settings.check_key(conn, Vault(os.urandom(32))))


def test_the_file_holds_no_word_name_phone_or_platform_id(
    sqlite_url: str, vault: Vault, tmp_path: Path, now: datetime
) -> None:
    database = Database.open(sqlite_url, serve=True)

    def live(conn: Connection) -> None:
        person = people.greet(conn, vault, Address(ACCOUNT, PLATFORM_ID), "km", now)
        submissions.open_(conn, person, 1, "intake", "r1", now)
        for field, value in {"name": NAME, "phone": PHONE, "story": WORDS}.items():
            submissions.save_answer(
                conn,
                person,
                1,
                field,
                0,
                value.encode(),
                sensitivity="S1",
                coarse=None,
                node="intake.x",
                now=now,
            )
        inbox.add(conn, vault, person=person, event=said(person, "u1", now), body=WORDS.encode(), now=now)
        inbox.park(conn, vault, person=person, event_id="u2", raw=WORDS.encode(), reason="KeyError", now=now)
        lease = ("w", now + timedelta(minutes=1))
        rows = outbox.add(conn, person, [Draft("c1", 0, WORDS.encode())], first_seq=1, now=now, lease=lease)
        outbox.finish(conn, [Result(rows[0], "sent", message=MESSAGE_ID)], now)
        people.save(conn, person, WORDS.encode(), 1, now, releases=["r1"], now=now)
        lookup.index(conn, vault, person.contact.id, "phone", [PHONE])
        lookup.index(conn, vault, person.contact.id, "name", [NAME])
        consents.record(
            conn, person.contact.id, "help", GRANTED, "intake.consent", "r1", "km", "telegram", now
        )
        media.store(conn, person, name=NAME, mime="text/plain", data=WORDS.encode() * 20_000, now=now)
        media.want(conn, person, ref=PLATFORM_ID, kind="voice", mime="audio/ogg", size=1, now=now)
        opened = cases.open_(conn, person, "person", 1, "pursat", "PU", not GRANTED, now, now)
        staff.add(conn, "dara", [Grant("caseworker")], now)
        scope = staff.scope(conn, "dara")
        assert scope is not None
        case_notes.note(conn, vault, scope, opened.id, WORDS.encode(), now)

    database.run_now(live)
    raw = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    database.close_now()
    raw += b"".join(path.read_bytes() for path in tmp_path.iterdir())
    for planted in (WORDS, NAME, PHONE, PHONE[-6:], PLATFORM_ID, MESSAGE_ID):
        for encoding in ("utf-8", "utf-16-le"):
            assert planted.encode(encoding) not in raw, planted
    assert b"intake" in raw  # the search itself works
