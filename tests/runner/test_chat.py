"""Parts that are fetched: in order, once said, redrawn as they were, and nobody else's."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection

from bot import scripts
from bot.channels.webchat.capabilities import ACCOUNT, WEBCHAT
from bot.core import engine
from bot.core.channel import Part
from bot.core.contact import Address
from bot.core.events import Start, Tap, Text
from bot.runner.forms import dump_part
from bot.runner.publishing import publish
from storage import people, queueing
from storage.database import Database
from storage.outbox import Draft, Lane
from storage.queueing import Queued
from storage.seal import DataKey, Vault
from tests.runner.office import NOON, WHO, Office
from tests.runner.stage import Stage
from tests.started import shipped

OTHER = "f" * 64


@pytest.fixture
async def office(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Office]:
    files = shipped()
    await database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    opened = Office(database, vault, tmp_path, stage=Stage(ACCOUNT, WEBCHAT))
    yield opened
    await opened.close()


async def test_parts_are_held_until_they_are_pulled(office: Office) -> None:
    await office.happen("Start")
    assert await office.states() == ["queued"]
    batch = await office.chats.pull(ACCOUNT, WHO, 0)
    assert [(line.seq, line.who) for line in batch.lines] == [(1, "bot")]
    assert await office.states() == ["sent"]
    assert office.stage.tried == []


async def test_after_asks_again_for_what_got_lost_on_the_way(office: Office) -> None:
    await office.agree()
    count = len(await office.outbox())
    first = await office.chats.pull(ACCOUNT, WHO, 0)
    assert [line.seq for line in first.lines] == list(range(1, count + 1))
    again = await office.chats.pull(ACCOUNT, WHO, 2)
    assert [line.seq for line in again.lines] == list(range(3, count + 1))
    assert (await office.chats.pull(ACCOUNT, WHO, count)).lines == ()
    await office.type("សួស្តី")
    assert [line.seq for line in (await office.chats.pull(ACCOUNT, WHO, count)).lines] == [count + 1]


async def test_history_shows_both_sides_and_changes_nothing(office: Office) -> None:
    await office.happen("Start")
    office.clock.wait(seconds=9)
    await office.tap("ភាសាខ្មែរ")
    batch = await office.chats.history(ACCOUNT, WHO, 10)
    assert [line.who for line in batch.lines] == ["person", "bot", "person", "bot"]
    assert [type(line.body) for line in batch.lines if line.who == "person"] == [Start, Tap]
    assert (batch.language, batch.with_staff) == ("km", False)
    assert await office.states() == ["queued", "queued"]
    assert len((await office.chats.history(ACCOUNT, WHO, 1)).lines) == 1


async def test_nothing_is_lost_when_very_much_waits(office: Office) -> None:
    someone = await office.greet(WHO)
    for start in range(0, 250, 50):
        await office.queue(someone, *(f"{number}" for number in range(start, start + 50)))
    batch = await office.chats.pull(ACCOUNT, WHO, 0)
    assert [line.seq for line in batch.lines] == list(range(1, 251))
    assert set(await office.states()) == {"sent"}


async def test_staff_words_are_shown_as_theirs(office: Office) -> None:
    await office.queue(await office.greet(WHO), "ជំរាបសួរ", lane=Lane.STAFF)
    (line,) = (await office.chats.pull(ACCOUNT, WHO, 0)).lines
    assert (line.who, line.part and line.part.text) == ("staff", "ជំរាបសួរ")


async def test_what_is_for_later_is_told_when_its_time_has_come_also_after_what_was_said_since(
    office: Office,
) -> None:
    someone, leaves = await office.greet(WHO), office.clock.at + timedelta(hours=3)

    def letter(conn: Connection) -> None:
        person = people.by_id(conn, office.vault, someone)
        assert person is not None
        draft = Draft("letter", Lane.REMINDER, dump_part(Part("ថ្ងៃស្អែក")), leaves)
        queueing.many(conn, [Queued(person, (draft,), shut=False)], office.clock.at)

    await office.database.run(letter)
    await office.queue(someone, "ជំរាបសួរ")
    (first,) = (await office.chats.pull(ACCOUNT, WHO, 0)).lines
    assert first.part is not None
    assert first.part.text == "ជំរាបសួរ"
    office.clock.wait(hours=3)
    (later,) = (await office.chats.pull(ACCOUNT, WHO, first.seq)).lines
    assert later.part is not None
    assert (later.part.text, later.seq < first.seq) == ("ថ្ងៃស្អែក", True)
    assert (await office.chats.pull(ACCOUNT, WHO, first.seq)).lines == ()


async def test_a_failed_step_does_not_break_the_page(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    await office.happen("Start")

    def trip(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(engine, "advance", trip)
        await office.type("សួស្តី")
    batch = await office.chats.pull(ACCOUNT, WHO, 0)
    assert [line.seq for line in batch.lines] == [1, 2]
    told = await office.chats.history(ACCOUNT, WHO, 10)
    assert [type(line.body) for line in told.lines if line.who == "person"] == [Start, Text]


async def test_a_stranger_has_no_chat(office: Office) -> None:
    await office.happen("Start")
    assert (await office.chats.pull(ACCOUNT, OTHER, 0)).lines == ()
    assert (await office.chats.history(ACCOUNT, OTHER, 10)).language is None


async def test_a_document_is_its_owners_only(office: Office) -> None:
    await office.happen("Start", who=OTHER)
    await office.begin()
    await office.type("ទិន្នន័យ")
    await office.tap("យកជាឯកសារ")
    documents = [said.part.document for said in await office.outbox() if said.part.document]
    (held,) = documents
    mine = await office.chats.document(ACCOUNT, WHO, held.media)
    assert mine is not None
    assert (mine.name, mine.mime, mine.body[:1]) == (held.name, held.mime, b"{")
    for external, number in ((OTHER, held.media), ("nobody", held.media), (WHO, held.media + 1)):
        assert await office.chats.document(ACCOUNT, external, number) is None


async def test_only_whoever_waits_there_is_woken(office: Office) -> None:
    with office.chats.waiter(ACCOUNT, WHO) as mine, office.chats.waiter(ACCOUNT, OTHER) as theirs:
        await office.happen("Start")
        assert (mine.is_set(), theirs.is_set()) == (True, False)
    office.chats.wake(Address(ACCOUNT, WHO))


async def test_words_of_another_process_wake_only_their_page(office: Office) -> None:
    someone = await office.greet(WHO)
    await office.greet(OTHER)
    with office.chats.waiter(ACCOUNT, WHO) as mine, office.chats.waiter(ACCOUNT, OTHER) as theirs:
        await office.chats.look(office.clock.at)
        await office.queue(someone, "ជំរាបសួរ", lane=Lane.STAFF)
        assert not mine.is_set()
        office.clock.wait(seconds=5)
        await office.chats.look(office.clock.at)
        assert (mine.is_set(), theirs.is_set()) == (True, False)


async def test_a_poll_that_finds_nothing_opens_no_cell(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    await office.happen("Start")
    (line,) = (await office.chats.pull(ACCOUNT, WHO, 0)).lines

    def opened(*_: object) -> None:
        raise AssertionError("a cell was opened")

    monkeypatch.setattr(DataKey, "open", opened)
    monkeypatch.setattr(Vault, "unwrap", opened)
    assert (await office.chats.pull(ACCOUNT, WHO, line.seq)).lines == ()
