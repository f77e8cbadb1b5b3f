"""Staff record sentences by chat: one after the other, kept as drafts that are live for nobody."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot import scripts
from bot.core.contact import Address
from bot.core.events import Body, Command, Event, Media
from bot.core.speech import LONGEST, hash_of
from bot.runner.publishing import publish
from bot.script_voices import missing, to_read
from storage import drafts, people, staff
from storage.database import Database
from storage.schema import staff as table
from storage.seal import Vault
from storage.staff import Grant
from tests.runner.office import NOON, WHO, Office
from tests.sound import opus
from tests.started import shipped

SOUND = opus(3)


@pytest.fixture
async def office(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Office]:
    """Sophea is on duty by chat."""
    opened = Office(database, vault, tmp_path)
    files = shipped()
    await database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    contact_id = await opened.greet(WHO)

    def join(conn: Connection) -> None:
        staff.add(conn, "sophea", [Grant("caseworker")], NOON)
        conn.execute(update(table).values(contact_id=contact_id))
        people.set_flag(conn, contact_id, "staff", on=True, now=NOON)

    await database.run(join)
    yield opened
    await opened.close()


async def take(office: Office, body: Body, media: bytes | None = None) -> list[str]:
    """What an event is answered with."""
    before = len(await office.outbox())
    office.count += 1
    event = Event(f"d{office.count}", Address(office.stage.account, WHO), office.clock.at, body)
    await office.inbound.take_event(event, media=media)
    return [one.part.text for one in (await office.outbox())[before:]]


async def record(office: Office, argument: str = "") -> str:
    (text,) = await take(office, Command("record", argument))
    return text


def note(size: int = len(SOUND)) -> Media:
    return Media("voice", f"note-{size}", "audio/ogg", size, 3)


def first() -> list[tuple[str, str]]:
    """The sentences that lack a voice: ids and words, in recording order."""
    return [(one.id, one.words) for one in missing(scripts.compile_release(shipped()), "km")]


async def test_sentences_are_offered_one_after_the_other(office: Office) -> None:
    (one, words), (two, _) = first()[:2]
    shown = await record(office)
    assert one in shown
    assert shown.endswith(words)
    kept, following = await take(office, note(), SOUND)
    assert one in kept
    assert "៣" in kept  # seconds
    assert two in following
    (draft,) = await office.database.read(drafts.list_)
    assert (draft.id, draft.language, draft.by, draft.state) == (one, "km", "sophea", "kept")
    assert draft.spoken == hash_of(words)


async def test_one_sentence_can_be_asked_for_and_recorded_again(office: Office) -> None:
    for _ in range(2):
        assert "intake.urgent" in await record(office, "intake.urgent")
        await take(office, note(), SOUND)
    kept = await office.database.read(drafts.list_)
    assert [one.id for one in kept] == ["intake.urgent"] * 2
    assert "intake.nothing" in await record(office, "intake.nothing")


async def test_nothing_is_recorded_before_it_is_asked_for_or_after_stop(office: Office) -> None:
    assert "/record" in (await take(office, note(), SOUND))[0]
    await record(office)
    await record(office, "stop")
    assert "/record" in (await take(office, note(), SOUND))[0]
    assert await office.database.read(drafts.list_) == []


async def test_what_is_too_large_is_refused(office: Office) -> None:
    await record(office)
    assert "1 MB" in (await take(office, note(LONGEST + 1), SOUND))[0]
    assert await office.database.read(drafts.list_) == []


async def test_the_words_read_aloud_are_the_question_and_its_choices(office: Office) -> None:
    release = scripts.compile_release(shipped())
    words = to_read(release, "intake.urgent", "km")
    assert words is not None
    assert (await record(office, "intake.urgent")).endswith(words)
