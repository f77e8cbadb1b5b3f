"""What people told us and what is kept around it: answers, Releases, the agenda, media."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, update

from storage import agenda, consents, media, people, releases, settings, submissions
from storage.database import Database
from storage.faults import DamagedCell
from storage.people import Person
from storage.schema import media as table
from storage.schema import media_chunk
from storage.seal import Vault
from tests.storage.conftest import Greet

HOUR = timedelta(hours=1)


def test_an_answer_replaces_the_earlier_one(database: Database, now: datetime, sophea: Person) -> None:
    def answer(conn: Connection, field: str, value: bytes, index: int = 0, coarse: str | None = None) -> None:
        submissions.save_answer(
            conn, sophea, 1, field, index, value, sensitivity="S1", coarse=coarse, node="intake.x", now=now
        )

    def tell(conn: Connection) -> None:
        submissions.open_(conn, sophea, 1, "intake", "r1", now)
        submissions.set_subject(conn, sophea, 1, "family")
        answer(conn, "age", b'["key","under-15"]', coarse="under-15")
        answer(conn, "age", b'["key","15-17"]', coarse="15-17")
        answer(conn, "job", "ការងារ".encode(), index=0)
        answer(conn, "job", b"other", index=1)
        answer(conn, "name", b"x")
        submissions.forget_answer(conn, sophea, 1, "name", 0)
        submissions.close(conn, sophea, 1, now)
        submissions.close(conn, sophea, 1, now + HOUR)

    database.run_now(tell)
    rows = database.read_now(lambda conn: submissions.answers_of(conn, sophea.key, sophea.contact.id))
    assert [(row.field, row.index, row.value.decode(), row.coarse) for row in rows] == [
        ("age", 0, '["key","15-17"]', "15-17"),
        ("job", 0, "ការងារ", None),
        ("job", 1, "other", None),
    ]
    assert {(row.no, row.dialog, row.subject, row.how, row.at) for row in rows} == {
        (1, "intake", "family", "given", now)
    }


def test_an_answer_to_a_submission_that_is_not_there_is_an_error(
    database: Database, now: datetime, sophea: Person
) -> None:
    def tell(conn: Connection) -> None:
        submissions.save_answer(
            conn, sophea, 7, "age", 0, b"x", sensitivity="S1", coarse=None, node="intake.age", now=now
        )

    with pytest.raises(LookupError, match="no submission 7"):
        database.run_now(tell)


def test_releases_are_kept_once_and_unused_ones_go(database: Database, now: datetime, sophea: Person) -> None:
    files = {"dialogs/a.toml": b"[dialog]", "locales/km/LC_MESSAGES/a.po": "សួស្តី".encode()}

    def live(conn: Connection) -> None:
        for digest in ("unused", "live", "walked", "answered", "agreed"):
            releases.put(conn, digest, files, now)
        releases.put(conn, "live", {"dialogs/other.toml": b""}, now + HOUR)
        releases.set_live(conn, "live", now)
        people.save(conn, sophea, b"{}", 0, None, releases=["walked", "live"], now=now)
        submissions.open_(conn, sophea, 1, "intake", "answered", now)
        consents.record(conn, sophea.contact.id, "help", True, "t", "agreed", "km", "telegram", now)  # noqa: FBT003

    database.run_now(live)
    assert database.read_now(releases.live) == "live"
    assert database.read_now(lambda conn: releases.get(conn, "live")) == files
    assert database.read_now(lambda conn: releases.get(conn, "unknown")) == {}
    assert database.run_now(releases.purge_unused) == 1
    kept = {digest for digest, _ in database.read_now(releases.list_)}
    assert kept == {"live", "walked", "answered", "agreed"}
    assert database.read_now(lambda conn: releases.get(conn, "unused")) == {}


def test_the_agenda_takes_a_thing_once_for_ever(database: Database, now: datetime, sophea: Person) -> None:
    def enter(conn: Connection) -> list[bool]:
        who = sophea.contact.id
        return [
            agenda.add(conn, "expiry", who, "1", now + 2 * HOUR, b"{}", now),
            agenda.add(conn, "expiry", who, "1", now, b"{}", now),
            agenda.add(conn, "fetch", None, "1", now + HOUR, b"[1]", now),
        ]

    assert database.run_now(enter) == [True, False, True]
    assert database.run_now(lambda conn: agenda.due(conn, now, 10)) == []
    due = database.run_now(lambda conn: agenda.due(conn, now + 3 * HOUR, 10))
    assert [(row.kind, row.key, row.contact_id, row.data) for row in due] == [
        ("fetch", "1", None, b"[1]"),
        ("expiry", "1", sophea.contact.id, b"{}"),
    ]

    database.run_now(lambda conn: agenda.done(conn, due[0].id, now))
    assert [row.kind for row in database.run_now(lambda conn: agenda.due(conn, now + 3 * HOUR, 10))] == [
        "expiry"
    ]
    assert not database.run_now(lambda conn: agenda.add(conn, "fetch", None, "1", now, b"", now))


def test_a_voice_note_is_kept_in_sealed_chunks(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    sound = bytes(range(256)) * 2500  # three chunks

    def want(conn: Connection) -> int:
        submissions.open_(conn, sophea, 1, "intake", "r1", now)
        return media.want(
            conn,
            sophea,
            ref="AwACAg",
            kind="voice",
            mime="audio/ogg",
            size=len(sound),
            now=now,
            submission_no=1,
            field="story",
        )

    number = database.run_now(want)
    wanted = database.read_now(lambda conn: media.wanted(conn, vault, 10))
    assert [(row.id, row.ref, row.account, row.state) for row in wanted] == [
        (number, "AwACAg", sophea.account, "wanted")
    ]
    assert database.read_now(lambda conn: media.read(conn, vault, number)) is None
    database.run_now(lambda conn: media.fill(conn, wanted[0].key, number, sound, now))
    found = database.read_now(lambda conn: media.read(conn, vault, number))
    assert found is not None
    assert (found[1] == sound, found[0].state, found[0].size) == (True, "kept", len(sound))
    assert database.read_now(lambda conn: media.wanted(conn, vault, 10)) == []


def test_a_file_of_somebody_else_is_not_opened(
    database: Database, vault: Vault, now: datetime, greet: Greet
) -> None:
    owner, other = greet("1"), greet("2")
    number = database.run_now(
        lambda conn: media.store(conn, owner, name="a.html", mime="text/html", data=b"<p>", now=now)
    )

    def read(contact_id: int) -> bytes | None:
        found = database.read_now(lambda conn: media.read(conn, vault, number, contact_id))
        return None if found is None else found[1]

    assert (read(owner.contact.id), read(other.contact.id)) == (b"<p>", None)
    database.run_now(lambda conn: conn.execute(update(media_chunk).values(sealed=b"junk")).rowcount)
    assert read(other.contact.id) is None
    with pytest.raises(DamagedCell):
        read(owner.contact.id)


def test_a_damaged_handle_keeps_no_other_file_from_being_fetched(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    def want(conn: Connection) -> list[int]:
        return [
            media.want(conn, sophea, ref=ref, kind="image", mime="", size=0, now=now) for ref in ("a", "b")
        ]

    first, second = database.run_now(want)
    spoilt = update(table).where(table.c.id == first).values(ref=b"junk")
    database.run_now(lambda conn: conn.execute(spoilt).rowcount)
    assert [row.id for row in database.read_now(lambda conn: media.wanted(conn, vault, 10))] == [second]
    theirs = database.read_now(lambda conn: media.of_person(conn, vault, sophea.contact.id))
    assert [(row.id, row.ref) for row in theirs] == [(second, "b")]


def test_a_file_that_cannot_be_had_is_not_asked_for_again(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    def lose(conn: Connection) -> None:
        number = media.want(conn, sophea, ref="x", kind="image", mime="", size=0, now=now)
        media.failed(conn, number, "FileNotFoundError", now)

    database.run_now(lose)
    assert database.read_now(lambda conn: media.wanted(conn, vault, 10)) == []


def test_too_large_a_file_is_refused(database: Database, sophea: Person) -> None:
    def much(conn: Connection) -> None:
        media.put_chunk(conn, sophea.key, 1, media.LARGEST // media.CHUNK, b"x")

    with pytest.raises(ValueError, match="20 MB"):
        database.run_now(much)


def test_our_own_file_comes_back_with_its_name(
    database: Database, vault: Vault, now: datetime, sophea: Person
) -> None:
    def export(conn: Connection) -> int:
        return media.store(conn, sophea, name="ទិន្នន័យ.html", mime="text/html", data=b"<p>", now=now)

    number = database.run_now(export)
    found = database.read_now(lambda conn: media.read(conn, vault, number))
    assert found is not None
    assert (found[0].name, found[0].mime, found[1]) == ("ទិន្នន័យ.html", "text/html", b"<p>")


def test_settings_are_replaced(database: Database) -> None:
    for value in ("1", "2"):
        database.run_now(lambda conn, value=value: settings.put(conn, "offset:telegram:7001", value))
    assert database.read_now(lambda conn: settings.get(conn, "offset:telegram:7001")) == "2"
    assert database.read_now(lambda conn: settings.get(conn, "other")) is None
