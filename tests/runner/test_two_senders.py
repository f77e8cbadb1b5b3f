"""Two processes over one PostgreSQL: no part twice, and every person in order."""

import asyncio
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import scripts
from bot.channels.channel import Retry, Sent
from bot.core.pace import CAPACITY, HEADROOM, Limits
from bot.runner import hand
from bot.runner.publishing import publish
from storage.database import Database
from storage.outbox import Lane
from storage.seal import Vault
from tests.runner.office import NOON, Office, until
from tests.started import shipped

PEOPLE, PARTS = 12, 6


@pytest.fixture
async def pair(postgres_store_url: str, vault: Vault, tmp_path: Path) -> AsyncIterator[tuple[Office, Office]]:
    one, two = (
        Office(Database.open(postgres_store_url), vault, tmp_path, worker=name) for name in ("w1", "w2")
    )
    two.stage.sent = one.stage.sent  # what the platform has seen, in its order
    two.clock = one.clock
    files = shipped()
    await one.database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    yield one, two
    for office in (one, two):
        await office.close()
        await office.database.close()


async def test_a_backlog_leaves_once_and_in_order(
    pair: tuple[Office, Office], monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = pair
    monkeypatch.setattr(hand, "CLAIM", PEOPLE // 2)  # nobody can take everything
    for number in range(PEOPLE):
        contact_id = await one.greet(str(number))
        await one.queue(contact_id, *(f"{number}:{at}" for at in range(PARTS)))
    for office in pair:
        office.stage.closed = asyncio.Event()
        office.serve()
    await until(lambda: bool(one.stage.tried and two.stage.tried))
    for office in pair:
        office.stage.closed.set()
    await _all_sent(pair)
    by_person = defaultdict(list)
    for who, words in one.stage.sent:
        by_person[who].append(words)
    assert by_person == {str(n): [f"{n}:{at}" for at in range(PARTS)] for n in range(PEOPLE)}


async def test_steps_in_both_processes_are_answered_in_the_order_they_committed(
    pair: tuple[Office, Office],
) -> None:
    """A person's messages reach now one process, now the other, while sends of both take their time."""
    one, two = pair
    for office in pair:
        office.stage.closed = asyncio.Event()
        office.serve()
    await one.happen("Start", name="a")
    await until(lambda: len(one.stage.tried) == 1)
    await two.type("សួស្តី", name="b")
    await one.type("bong", name="c")
    await two.type("ok", name="d")
    for office in pair:
        assert office.stage.closed is not None
        office.stage.closed.set()
    await _all_sent(pair)
    said = [part.part.text for part in await one.outbox()]
    assert [words for _, words in one.stage.sent] == said


async def test_a_part_given_back_by_one_is_sent_by_the_other_and_order_holds(
    pair: tuple[Office, Office],
) -> None:
    one, two = pair
    one.serve()
    one.stage.outcomes.append(Retry("timeout", after=5))
    await one.queue(await one.greet("1"), "a", "b")
    await one.until_states(["queued", "queued"], "1")
    await until(lambda: len(one.stage.tried) == 1)
    await one.until_states(["queued", "queued"], "1")
    one.clock.wait(seconds=6)
    two.serve()
    await one.until_states(["sent", "sent"], "1")
    assert [words for _, words in one.stage.sent] == ["a", "b"]


async def test_two_first_messages_in_two_processes_make_one_contact(pair: tuple[Office, Office]) -> None:
    one, two = pair
    await asyncio.gather(*(office.happen("Start", name=f"{at}") for at, office in enumerate(pair)))
    await asyncio.gather(*(office.happen("Start", name="same") for office in pair))
    assert (await one.many("contact"), await two.many("inbox")) == (1, 3)


async def _all_sent(pair: tuple[Office, Office]) -> None:
    one, _ = pair
    async with asyncio.timeout(20):
        while await one.ask("SELECT count(*) FROM outbox WHERE state <> 'sent'") != [(0,)]:
            for office in pair:
                office.sender.wake(office.stage.account)


async def test_both_together_keep_the_accounts_pace(pair: tuple[Office, Office]) -> None:
    """Real time, for the pace is the database's: 60 announcements at 50 a second."""
    one, two = pair
    account, sent_at = one.stage.account, []
    for office in pair:
        office.sender.limiter._limits = {account: Limits(50.0)}  # noqa: SLF001 - an office has none
        office.stage.closed = None

        async def send(*_what: object, **_how: object) -> Sent:
            sent_at.append(time.monotonic())
            return Sent("7")

        office.stage.send = send  # type: ignore[method-assign,assignment] - the hour is all that matters
    for number in range(60):
        await one.queue(await one.greet(str(number)), "one", lane=Lane.BROADCAST)
    for office in pair:
        office.serve()
    await _all_sent(pair)
    assert len(sent_at) == 60
    most = max(sum(at <= other < at + 1.0 for other in sent_at) for at in sent_at)
    assert most <= 50 * HEADROOM + CAPACITY + 1  # one may have been under way to the platform
    assert two.sender.counts.get((account, "sent"), 0) > 0


async def test_one_that_is_told_to_wait_stops_the_other(pair: tuple[Office, Office]) -> None:
    one, two = pair
    account = one.stage.account
    for office in pair:
        office.sender.limiter._limits = {account: Limits(50.0)}  # noqa: SLF001 - an office has none
    one.serve()
    one.stage.outcomes.append(Retry("throttled", 600, account_wide=True))
    await one.queue(await one.greet("1"), "a")
    await until(lambda: len(one.stage.tried) == 1)
    await one.until_states(["queued"], "1")
    two.serve()
    await two.queue(await two.greet("2"), "b")
    async with asyncio.timeout(20):
        while [said.reason for said in await two.outbox("2")] != ["account paused"]:
            two.sender.wake(account)
    assert (await two.states("2"), two.stage.tried) == (["queued"], [])
