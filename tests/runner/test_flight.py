"""What is on the wire for long, in hand twice, or there when its account or its process stops."""

import asyncio
from datetime import datetime

import pytest
from sqlalchemy import Connection, select

from bot.channels.channel import Sent, Uncertain
from bot.runner.pacing import Paced
from storage import outbox
from storage.outbox import Lane, OutRow
from storage.schema import outbox as parts
from tests.runner.office import LEASE, PATIENCE, WHO, Office


async def kept(office: Office) -> None:
    """Wait until the one part is somebody's for a whole lease from now."""

    def lease(conn: Connection) -> datetime | None:
        return conn.scalar(select(parts.c.lease_until))

    async with asyncio.timeout(PATIENCE):
        while await office.database.read(lease) != office.clock.at + LEASE:
            pass


async def claimed(office: Office) -> tuple[OutRow, ...]:
    def claim(conn: Connection) -> list[OutRow]:
        now, account = office.clock.at, office.stage.account
        return outbox.claim(conn, office.vault, account, office.worker, now, now + LEASE, 9)

    return tuple(await office.database.run(claim))


async def test_a_file_that_takes_longer_than_a_lease_is_not_sent_by_another_too(office: Office) -> None:
    office.serve()
    office.stage.closed = asyncio.Event()
    await office.queue(await office.greet(WHO), "a file")
    await office.until_tried(1)
    for _ in range(6):
        office.clock.wait(seconds=25)
        office.sender.wake(office.stage.account)
        await kept(office)
        await office.agenda.tick(office.clock.at)
    assert await office.states() == ["sending"]
    office.stage.closed.set()
    await office.until_states(["sent"])
    assert len(office.stage.tried) == 1


async def test_what_a_process_has_in_hand_twice_leaves_once_and_is_not_sent_anew(office: Office) -> None:
    """Claimed, lost because the lease ran out unnoticed, and claimed by the same process once more."""
    office.sender.serve(office.kit.channels)[0].cancel()
    await office.queue(await office.greet(WHO), "one", lane=Lane.BROADCAST)
    asleep = await claimed(office)
    office.clock.wait(seconds=61)
    await office.agenda.tick(office.clock.at)
    office.stage.outcomes.append(Uncertain("no answer"))
    again = await claimed(office)
    for rows in (asleep, again):
        office.sender.deliver(office.stage.account, rows)
    await office.until_states(["unknown"])
    await office.sender.drain(1)
    assert (await office.states(), len(office.stage.tried)) == (["unknown"], 1)


async def test_nothing_is_claimed_for_an_account_that_stopped_meanwhile(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The claim waits for its thread while a send that is out learns that the account is refused."""
    office.sender.serve(office.kit.channels)[0].cancel()
    await office.queue(await office.greet(WHO), "one")
    paced, run = office.sender.limiter.paced(office.stage.account), office.database.run

    async def late(work: object) -> object:
        monkeypatch.undo()
        await paced.stopped("Unauthorized", lambda _: None)
        return await run(work)  # type: ignore[arg-type] - whatever it is

    monkeypatch.setattr(office.database, "run", late)
    assert not await office.sender._claim(office.stage.account)  # noqa: SLF001 - the race cannot be timed from outside
    assert [(one.state, one.tries) for one in await office.outbox()] == [("queued", 0)]


async def test_what_the_platform_has_said_is_not_forgotten_by_stopping(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store takes its time over what an answer means for the account, and the process is stopped."""
    office.serve()

    async def hang(self: Paced, messages: int = 1) -> None:
        del self, messages
        reached.set()
        await asyncio.Event().wait()

    reached = asyncio.Event()
    monkeypatch.setattr(Paced, "went", hang)
    office.stage.outcomes.append(Sent("7"))
    await office.queue(await office.greet(WHO), "one")
    await reached.wait()
    await office.close()
    assert await office.states() == ["sent"]
