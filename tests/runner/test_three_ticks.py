"""Three processes tick at the same moment over one PostgreSQL: whatever is due happens once."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, text

from bot import scripts
from bot.runner.keeping import Keeping, Kept
from bot.runner.publishing import publish
from storage import agenda, chats, people, purge, staff
from storage.database import Database
from storage.purge import Policy
from storage.seal import Vault
from tests.runner.office import NOON, Clock, Office
from tests.runner.stage import Stage
from tests.started import shipped

PEOPLE, FILES = 6, 3
DAY = timedelta(days=1)
POLICY = Policy(7 * DAY, 30 * DAY, DAY, 30 * DAY, 365 * DAY)
LAST = "length(body) - 1"
SPOIL = text(f"UPDATE session SET body = set_byte(body, {LAST}, 255 - get_byte(body, {LAST}))")  # noqa: S608 - ours


@pytest.fixture
async def trio(postgres_store_url: str, vault: Vault, tmp_path: Path) -> AsyncIterator[list[Office]]:
    stage, clock, made = Stage(), Clock(), []
    for name in ("w1", "w2", "w3"):
        database = Database.open(postgres_store_url)
        made.append(Office(database, vault, tmp_path, clock=clock, stage=stage, worker=name))
    files = shipped()
    await made[0].database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    yield made
    for one in made:
        await one.close()
        await one.database.close()


async def tick(trio: list[Office]) -> None:
    await asyncio.gather(*(one.agenda.tick(one.clock.at) for one in trio))
    await asyncio.gather(*(one.agenda.downloads.idle() for one in trio))


async def test_each_agenda_entry_happens_once(trio: list[Office]) -> None:
    first = trio[0]
    everybody = [await first.greet(str(number)) for number in range(PEOPLE)]

    def silent(conn: Connection) -> None:
        dara = staff.add(conn, "dara", [], NOON)
        for contact_id in everybody:
            chats.give(conn, contact_id, dara, NOON)
            agenda.arm(conn, "chat.silence", f"contact:{contact_id}", contact_id, NOON, NOON)

    await first.database.run(silent)
    await tick(trio)
    assert await first.ask("SELECT count(*), count(done_at) FROM agenda") == [(PEOPLE, PEOPLE)]
    assert [len(await first.outbox(str(number))) for number in range(PEOPLE)] == [1] * PEOPLE
    assert await first.ask("SELECT count(*) FROM audit WHERE action = 'chat.silence'") == [(PEOPLE,)]


async def test_a_question_expires_once(trio: list[Office]) -> None:
    first = trio[0]
    await first.begin()
    count = len(await first.outbox())
    for _ in range(4):
        first.clock.wait(days=2, minutes=1)
        await tick(trio)
    assert len(await first.outbox()) == count + 1
    assert await first.ask("SELECT kind, state FROM casefile") == [("unfinished", "open")]


async def test_who_comes_too_late_to_wake_somebody_wakes_nobody(trio: list[Office]) -> None:
    """All three listed the person as due; the second begins when the first is done."""
    first, second, _ = trio
    await first.begin()
    count, contact_id = len(await first.outbox()), await first.contact()
    assert contact_id is not None
    first.clock.wait(days=2, minutes=1)
    for one in (first, second):
        await one.inbound.wake_person(contact_id, one.clock.at)
    assert len(await first.outbox()) == count + 1
    assert await first.many("casefile") == 0


async def test_a_damaged_session_is_parked_once(trio: list[Office]) -> None:
    first = trio[0]
    await first.begin()
    await first.database.run(lambda conn: conn.execute(SPOIL).rowcount)
    first.clock.wait(days=2, minutes=1)
    await tick(trio)
    await tick(trio)
    assert await first.ask("SELECT count(*) FROM inbox WHERE state = 'parked'") == [(1,)]


async def test_a_file_is_fetched_once(trio: list[Office]) -> None:
    first = trio[0]
    first.stage.files |= {f"r{number}": b"OggS" + bytes(60) for number in range(FILES)}
    await first.agree()
    for number in range(FILES):
        await first.happen("Media", kind="voice", ref=f"r{number}", mime="audio/ogg", size=10)
    for _ in range(FILES):
        await tick(trio)
    assert sorted(first.stage.fetched) == [f"r{number}" for number in range(FILES)]
    assert await first.ask("SELECT state, count(*) FROM media GROUP BY state") == [("kept", FILES)]


async def test_somebody_is_erased_once(trio: list[Office]) -> None:
    first = trio[0]
    everybody = [await first.greet(str(number)) for number in range(PEOPLE)]

    def ask(conn: Connection) -> None:
        for contact_id in everybody:
            people.set_erasing(conn, contact_id, NOON)

    await first.database.run(ask)
    await tick(trio)
    assert await first.many("contact") == 0
    assert await first.ask("SELECT count(*) FROM audit WHERE action = 'contact.erased'") == [(PEOPLE,)]
    assert {entry.contact for entry in first.log.entries()} == set(everybody)


async def test_the_purge_of_a_day_is_done_once(trio: list[Office], tmp_path: Path) -> None:
    first = trio[0]
    for number in range(PEOPLE):
        await first.greet(str(number))
    later = NOON + 400 * DAY
    kept = Kept(POLICY, tmp_path / "backups", 30 * DAY)
    keepers = [Keeping(one.database, one.vault, kept) for one in trio]
    await asyncio.gather(*(one.tick(later) for one in keepers))
    await asyncio.gather(*(one.tick(later) for one in keepers))
    ran = await first.database.read(purge.last)
    assert ran is not None
    assert (ran.at, ran.report.people) == (later, PEOPLE)
