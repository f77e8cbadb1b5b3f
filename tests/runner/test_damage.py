"""One damaged person, one failing piece, one write that fails: nobody else notices."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import datetime

import pytest
from sqlalchemy import Connection, Table, update
from structlog.typing import EventDict

from bot.channels.channel import Retry
from bot.core.activity import Party, Registration
from bot.core.activity_effects import Registered
from bot.core.channel import Document, Part
from bot.runner import ledger
from bot.runner.forms import dump_part
from storage import media, outbox, people, releases, waking
from storage.board import board
from storage.faults import StoreDown
from storage.outbox import Draft, Lane, Result
from storage.schema import contact, contact_address, media_chunk, registration, session
from tests.runner.office import WHO, Office, until
from tests.runner.planned import Planned
from tests.runner.stage import ACCOUNT

OTHER = "93007002"


async def damage(office: Office, table: Table, column: str) -> int:
    """A cell of WHO no longer opens."""
    someone = await office.contact()
    assert someone is not None
    key = table.c.id if table is contact else table.c.contact_id
    broken = update(table).where(key == someone).values({column: bytes(64)})
    await office.database.run(lambda conn: conn.execute(broken) and None)
    return someone


async def both_agreed(office: Office) -> None:
    for who in (WHO, OTHER):
        await office.happen("Start", who=who)
        await office.tap("ភាសាខ្មែរ", who=who)
        await office.tap("📖", who=who)


async def test_whose_session_is_damaged_is_told_and_somebody_looks(office: Office) -> None:
    await office.happen("Start")
    await damage(office, session, "body")
    await office.type("សួស្តី")
    assert await office.ask("SELECT state, reason FROM inbox ORDER BY id DESC LIMIT 1") == [
        ("parked", "DamagedCell")
    ]
    assert await office.many("casefile") == 1
    assert len(await office.outbox()) == 2


async def test_whose_key_is_damaged_is_logged_by_number_and_the_update_is_done(
    office: Office, journal: list[EventDict]
) -> None:
    await office.happen("Start")
    someone = await damage(office, contact, "data_key")
    await office.type("សួស្តី")
    assert {"event": "person damaged", "contact": someone}.items() <= journal[-1].items()
    assert WHO not in str(journal)


@pytest.mark.parametrize(("table", "column"), [(session, "body"), (contact, "data_key")])
async def test_a_damaged_person_stops_no_tick_and_is_woken_once(
    office: Office, table: Table, column: str
) -> None:
    await both_agreed(office)
    before = len(await office.outbox(OTHER))
    await damage(office, table, column)
    office.clock.wait(days=8)
    await office.agenda.tick(office.clock.at)
    assert len(await office.outbox(OTHER)) == before + 1
    assert await office.database.read(lambda conn: people.due(conn, office.clock.at, 10)) == []
    assert await office.many("casefile") == (1 if table is session else 0)


async def test_whose_question_cannot_be_asked_again_is_asked_no_more_and_others_are(
    office: Office, journal: list[EventDict]
) -> None:
    await both_agreed(office)
    someone = await damage(office, contact, "data_key")
    now = office.clock.at
    await office.database.run(lambda conn: waking.ask_then(conn, someone, now))
    await office.agenda.tick(now)
    assert {"event": "person damaged", "contact": someone}.items() <= journal[-1].items()
    assert await office.database.read(lambda conn: waking.to_ask(conn, now, 10)) == []


@pytest.mark.parametrize(("table", "column"), [(contact, "data_key"), (contact_address, "external")])
async def test_one_damaged_person_keeps_no_letter_from_anybody_else(
    office: Office, journal: list[EventDict], table: Table, column: str
) -> None:
    planned = Planned(office)
    await planned.publish()
    for who in (WHO, OTHER):
        await planned.fair.answers("come", who=who)
    someone = await damage(office, table, column)
    await planned.until("11-28 09:00")
    assert [occasion for occasion, _ in await planned.letters(OTHER)] == ["-7d"]
    assert ("-7d", "no channel") in await planned.missed()
    assert any(line["event"] == "person damaged" and line["contact"] == someone for line in journal)


async def test_damaged_needs_of_a_registration_shut_nobody_out(office: Office) -> None:
    planned = Planned(office)
    await planned.publish()
    fair = planned.fair
    said = Registered(planned.number, "come", Party(2, 1, childcare=True), remind=True)
    await fair.asking.does(await fair.someone(), said)
    await damage(office, registration, "needs")

    def read(conn: Connection) -> Registration:
        whose = fair.asking.person(conn, fair.people[WHO])
        return board(conn, whose.contact.id, office.clock.at, whose.key).mine[planned.number]

    assert (await office.database.run(read)).party == Party(2, 1)
    count = len(await office.outbox())
    await office.type("សួស្តី")
    assert len(await office.outbox()) > count
    assert await office.ask("SELECT count(*) FROM inbox WHERE state = 'parked'") == [(0,)]


async def test_a_failing_piece_stops_no_other(
    office: Office, monkeypatch: pytest.MonkeyPatch, journal: list[EventDict]
) -> None:
    def trip(*_: object) -> None:
        raise ZeroDivisionError

    await both_agreed(office)
    count = len(await office.outbox())
    office.clock.wait(days=8)
    monkeypatch.setattr(outbox, "rescue", trip)
    monkeypatch.setattr(media, "wanted", trip)
    await office.agenda.tick(office.clock.at)
    assert len(await office.outbox()) == count + 1
    failed = [(line["piece"], line["error"]) for line in journal if line["event"] == "tick failed"]
    assert failed == [("rescue", "ZeroDivisionError"), ("downloads", "ZeroDivisionError")]


async def test_unused_releases_are_purged_once_a_day(office: Office) -> None:
    async def purged() -> bool:
        await office.database.run(lambda conn: releases.put(conn, "f" * 64, {"a": b"b"}, office.clock.at))
        await office.agenda.tick(office.clock.at)
        return await office.database.read(lambda conn: not releases.get(conn, "f" * 64))

    assert await purged()
    office.clock.wait(hours=23)
    assert not await purged()
    office.clock.wait(hours=1)
    assert await purged()


async def test_a_download_that_hangs_holds_no_tick_and_no_other_file_up(office: Office) -> None:
    opened = asyncio.Event()
    fetch = office.stage.fetch

    async def slow(ref: str) -> AsyncIterator[bytes]:
        if ref == "r1":
            await opened.wait()
        async for chunk in fetch(ref):
            yield chunk

    office.stage.fetch = slow  # type: ignore[method-assign]
    office.stage.files |= {"r1": b"OggS", "r2": b"OggS"}
    await office.agree()
    for ref in ("r1", "r2"):
        await office.happen("Media", kind="voice", ref=ref, mime="audio/ogg", size=10)
    await office.agenda.tick(office.clock.at)
    await until(lambda: office.stage.fetched == ["r2"])
    await office.agenda.tick(office.clock.at)
    opened.set()
    await office.agenda.downloads.idle()
    assert await office.ask("SELECT state FROM media") == [("kept",), ("kept",)]
    assert office.stage.fetched == ["r2", "r1"]


async def test_a_damaged_document_fails_alone(office: Office) -> None:
    someone = await office.greet(WHO)

    def queue(conn: Connection) -> None:
        person = people.by_id(conn, office.vault, someone)
        assert person is not None
        number = media.store(conn, person, name="a", mime="text/plain", data=b"x", now=office.clock.at)
        conn.execute(update(media_chunk).values(sealed=bytes(64)))
        part = Part("", document=Document(number, "a", "text/plain"))
        first = people.take_seq(conn, someone, 1)
        drafts = [Draft("t:document", Lane.REPLY, dump_part(part))]
        outbox.add(conn, person, drafts, first_seq=first, now=office.clock.at)

    await office.database.run(queue)
    await office.queue(someone, "after")
    office.serve()
    await office.until_states(["failed", "sent"])
    assert (await office.outbox())[0].reason == "DamagedCell"


@pytest.mark.parametrize("fault", [StoreDown("power"), ZeroDivisionError()])
@pytest.mark.parametrize("times", [1, 1000])
async def test_an_outcome_that_cannot_be_written_holds_no_chain(
    office: Office, monkeypatch: pytest.MonkeyPatch, fault: Exception, times: int
) -> None:
    finish, left = outbox.finish, times

    def trip(conn: Connection, results: Sequence[Result], now: datetime) -> None:
        nonlocal left
        left -= 1
        if left >= 0:
            raise fault
        finish(conn, results, now)

    monkeypatch.setattr(ledger, "PAUSES", (0.0, 0.0))
    someone = await office.greet(WHO)
    await office.queue(someone, "one")
    with monkeypatch.context() as broken:
        broken.setattr(outbox, "finish", trip)
        office.serve()
        await office.until_tried(1)
        await until(lambda: not office.sender._chains)  # noqa: SLF001 - the chain has ended
    written = times == 1
    assert await office.states() == ["sent" if written else "sending"]
    office.clock.wait(seconds=61)
    await office.agenda.tick(office.clock.at)
    await office.until_states(["sent"])  # said again rather than lost
    assert len(office.stage.tried) == (1 if written else 2)


async def test_being_told_to_wait_with_everybody_is_no_try(office: Office) -> None:
    office.serve()
    office.stage.outcomes.append(Retry("flood", after=30, account_wide=True))
    someone = await office.greet(WHO)
    await office.queue(someone, "one", "two")
    await office.until_tried(1)
    await office.until_states(["queued", "queued"])
    late = await office.born_claimed(await office.greet(OTHER), "other")
    office.sender.deliver(ACCOUNT, late)
    await office.until_states(["queued"], OTHER)
    assert [said.tries for said in await office.outbox()] == [0, 0]
    assert [said.tries for said in await office.outbox(OTHER)] == [0]
