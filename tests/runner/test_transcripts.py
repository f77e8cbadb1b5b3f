"""A voice note written out: the field it answered is filled as if the person had typed it, or nothing is."""

from typing import Any

import orjson
import pytest
from sqlalchemy import Connection

from bot.core import session as sessions
from bot.core.answers import Key, Keys, Number, PlaceCode, Value, dump
from bot.core.message import Line
from bot.core.transcript import Filled, Superseded, Unread
from bot.runner.library import Library
from bot.runner.transcripts import write_out
from storage import audit, listening, people, submissions
from storage.database import Database
from storage.seal import Vault
from storage.staff import Grant, Scope
from tests.noted import NOON, Noted, somebody

OPERATOR = Scope(0, "", frozenset({Grant("admin")}))


@pytest.fixture
async def noted(database: Database, vault: Vault) -> Noted:
    return await database.run(lambda conn: somebody(conn, vault))


async def write(
    database: Database, vault: Vault, note: int, words: str, *, fill: bool = True
) -> Filled | Unread | Superseded | None:
    def work(conn: Connection) -> Filled | Unread | Superseded | None:
        found = listening.find(conn, OPERATOR, note)
        assert found is not None
        return write_out(conn, vault, Library(), OPERATOR, found, words, NOON, fill=fill)

    return await database.run(work)


async def stored(database: Database, vault: Vault, noted: Noted, field: str) -> tuple[Any, str, str | None]:
    """The answer, how it came, and its clear copy; and the session's copy is the same."""

    def work(conn: Connection) -> tuple[Any, str, str | None]:
        person = people.by_id(conn, vault, noted.contact, lock=False)
        assert person is not None
        rows = submissions.answers_of(conn, person.key, noted.contact)
        row = next(one for one in rows if one.field == field)
        (known,) = sessions.load(orjson.loads(person.session)).submissions
        assert orjson.loads(row.value) == orjson.loads(orjson.dumps(dump(known.answers[field, 0])))
        return known.answers[field, 0], row.how, row.coarse

    return await database.read(work)


@pytest.mark.parametrize(
    ("field", "words", "value", "coarse"),
    [
        ("age", "២", Key("grown"), "grown"),
        ("home", "Pursat", PlaceCode("15"), None),
        ("years", "៥ ឆ្នាំ", Number(5), None),
        ("needs", "1", Keys(("food",)), None),
    ],
)
async def test_what_would_be_an_answer_typed_is_the_answer(
    database: Database,
    vault: Vault,
    noted: Noted,
    *,
    field: str,
    words: str,
    value: Value,
    coarse: str | None,
) -> None:
    filled = await write(database, vault, noted.notes[field], words)
    assert isinstance(filled, Filled)
    assert await stored(database, vault, noted, field) == (value, "transcribed", coarse)
    words_of = await database.read(lambda conn: listening.words_of(conn, vault, noted.contact))
    assert words_of == {f"note-{field}": words}
    (line,) = await database.read(lambda conn: audit.latest(conn, 1))
    assert (line.action, line.what) == ("media.transcribe", f"media {noted.notes[field]}")


async def test_words_that_do_not_answer_change_nothing_and_tell_what_would(
    database: Database, vault: Vault, noted: Noted
) -> None:
    refused = await write(database, vault, noted.notes["age"], "ខ្ញុំមិនដឹង")
    assert refused == Unread((Line("intake.age.child"), Line("intake.age.grown")))
    assert isinstance(await write(database, vault, noted.notes["years"], "ច្រើន"), Unread)
    assert (await stored(database, vault, noted, "age"))[1] == "heard"
    assert await database.read(lambda conn: listening.words_of(conn, vault, noted.contact)) == {}


async def test_the_words_alone_leave_the_answer_a_voice_note(
    database: Database, vault: Vault, noted: Noted
) -> None:
    assert await write(database, vault, noted.notes["age"], "ខ្ញុំមិនដឹង", fill=False) is None
    assert (await stored(database, vault, noted, "age"))[1] == "heard"
    words = await database.read(lambda conn: listening.words_of(conn, vault, noted.contact))
    assert words == {"note-age": "ខ្ញុំមិនដឹង"}


async def test_what_the_person_answered_since_is_never_overwritten(
    database: Database, vault: Vault, noted: Noted
) -> None:
    assert isinstance(await write(database, vault, noted.notes["age"], "1"), Filled)
    assert await write(database, vault, noted.notes["age"], "2") == Superseded()
    assert (await stored(database, vault, noted, "age"))[0] == Key("child")


async def test_no_word_of_it_is_in_clear(database: Database, vault: Vault, noted: Noted) -> None:
    await write(database, vault, noted.notes[""], "សម្ងាត់ណាស់", fill=False)

    def cells(conn: Connection) -> list[bytes]:
        return [row[0] for row in conn.exec_driver_sql("SELECT transcript FROM media") if row[0]]

    (cell,) = await database.read(cells)
    assert "សម្ងាត់".encode() not in bytes(cell)
