"""How long a part is tried: trouble on the way there costs it nothing, doubt soon ends it."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.channel import Retry, Uncertain
from bot.runner import judging
from bot.runner.judging import LONGEST_WAIT, TRIES, TROUBLES, backoff, judge
from storage.outbox import Lane, OutRow
from storage.seal import Vault
from tests.runner.office import NOON, WHO, Office, until

AWAY = Retry("not-sent")


@pytest.fixture
def row(vault: Vault) -> OutRow:
    return OutRow(1, 1, "telegram:7001", WHO, 1, Lane.REPLY, b"", 1, "in:1:0", vault.new_key()[1], "w1")


def test_a_reply_outlasts_an_outage_of_a_day_and_no_more(row: OutRow) -> None:
    late = judge(replace(row, troubles=TROUBLES - 1), AWAY, NOON)
    assert (late.state, late.tried, late.troubled) == ("queued", False, True)
    assert judge(replace(row, troubles=TROUBLES), AWAY, NOON).state == "failed"


def test_what_expires_is_tried_until_then(row: OutRow) -> None:
    fair = replace(row, lane=Lane.REMINDER, troubles=9 * TROUBLES, expires=NOON + timedelta(days=3))
    assert judge(fair, AWAY, NOON).state == "queued"


def test_the_waits_grow_to_a_quarter_of_an_hour_and_make_a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(random, "uniform", lambda low, high: (low + high) / 2)
    waits = [backoff(nth) for nth in range(TROUBLES)]
    assert waits == sorted(waits)
    assert waits[-1] == pytest.approx(LONGEST_WAIT / 2, abs=1)
    assert timedelta(hours=23) < timedelta(seconds=sum(waits)) < timedelta(hours=25)


def test_doubt_has_its_few_tries_however_long_the_outage_was(row: OutRow) -> None:
    doubt = Uncertain("answer-lost")
    assert judge(replace(row, troubles=TROUBLES), doubt, NOON).state == "queued"
    assert judge(replace(row, tries=TRIES), doubt, NOON).state == "unknown"
    assert judge(replace(row, lane=Lane.BROADCAST), doubt, NOON).state == "unknown"


async def test_a_reply_leaves_after_an_hour_of_outage(office: Office) -> None:
    office.serve()
    office.stage.outcomes += [AWAY] * (3 * judging.TRIES)
    await office.queue(await office.greet(WHO), "one", "two")
    for count in range(1, 3 * TRIES + 1):
        await office.until_tried(count)
        await office.until_states(["queued", "queued"])
        office.clock.wait(minutes=15)
        office.sender.wake(office.stage.account)
    await office.until_states(["sent", "sent"])
    assert [words for _, words in office.stage.sent] == ["one", "two"]
    assert await office.ask("SELECT tries, troubles FROM outbox ORDER BY seq") == [(1, 0), (1, 0)]


async def test_a_fault_before_the_wire_leaves_a_part_untried(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn, faults = office.sender.limiter.turn, [RuntimeError("a fault of ours")]

    async def broken(*given: object, **how: object) -> object:
        if faults:
            raise faults.pop()
        return await turn(*given, **how)  # type: ignore[arg-type]

    monkeypatch.setattr(office.sender.limiter, "turn", broken)
    office.serve()
    await office.queue(await office.greet(WHO), "one", lane=Lane.BROADCAST)
    await until(lambda: not faults)
    await office.until_states(["queued"])
    office.clock.wait(minutes=1)
    office.sender.wake(office.stage.account)
    await office.until_states(["sent"])
    assert len(office.stage.tried) == 1


async def test_a_part_that_cannot_be_read_is_a_dead_letter_at_once(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unreadable(body: bytes) -> None:
        raise KeyError(body)

    monkeypatch.setattr("bot.runner.sender.load_part", unreadable)
    office.serve()
    await office.queue(await office.greet(WHO), "one")
    await office.until_states(["failed"])
    assert office.stage.tried == []
    assert await office.ask("SELECT reason FROM outbox") == [("unreadable: KeyError",)]
