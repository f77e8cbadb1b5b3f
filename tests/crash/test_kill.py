"""The power goes out again and again while people talk with us, and nobody loses or repeats a step.

Never asks the product: what people saw, what the platform was told and what the store counts must agree.
"""

import asyncio
import random
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain
from time import monotonic

import pytest

from storage.people import event_blind
from tests.crash.house import House
from tests.crash.ledger import PROMPT
from tests.crash.traffic import REMINDER, questions

SEED = 20261121
UPDATES_BETWEEN = (0, 1, 3, 10, 30, 60)  # of two kills; none: killed again while it takes up what it had left
MANY = 100  # kills, after the last of which nothing is aged: what a dead hand holds comes back by itself
PATIENCE = 90.0  # seconds for what waits to come to its end: longer than a lease


async def survive(house: House, kills: int, within: float) -> None:
    began = monotonic()
    try:
        async with asyncio.timeout(within):
            await live_through(house, kills)
    except TimeoutError:
        nothing_was_lost(house)  # says why somebody waits for ever, if that is why
        raise
    show(house, monotonic() - began)
    nothing_was_lost(house)
    nothing_was_applied_twice(house)
    everything_left_in_order(house)
    every_part_came_to_its_end(house)
    each_reminder_was_sent_once(house)
    each_promise_was_kept_once(house)
    everyone_came_to_the_end(house)


async def live_through(house: House, kills: int) -> None:
    chance = random.Random(SEED)  # noqa: S311 (when to kill, and whom)
    traffic = house.traffic
    traffic.begin()
    late = 1 + kills // 20  # kills when people are through, among promises and reminders only
    for _ in range(kills - late):
        await traffic.acknowledge(chance.choice(UPDATES_BETWEEN))
        await asyncio.to_thread(house.later.put, chance)
        await house.crash(chance)
    await traffic.finish()
    for left in reversed(range(late)):
        await asyncio.to_thread(house.later.put, chance)
        few = chance.randrange(house.ledger.promised() + 1)
        await until(lambda few=few: house.ledger.promised() <= few)
        await house.crash(chance, age=left > 0 or kills < MANY)
    await until(lambda: not (house.ledger.waiting() or house.ledger.promised()))
    assert await house.stop() == {0}


async def until(true: Callable[[], bool]) -> None:
    """Wait for what the store says."""
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - other processes tell nobody
            await asyncio.sleep(0.01)


def show(house: House, seconds: float) -> None:
    """What pytest prints with -rP."""
    traffic, ends = house.traffic, dict(house.ledger.states("lane >= 0"))
    twice = sum(person.repeats for person in traffic.walked.values())
    sys.stdout.write(
        f"{house.kills} kills in {seconds:.0f} s, {len(traffic.acknowledged)} updates"
        f" of {len(traffic.walked)} people, {ends}, {twice} twice of {in_flight(house)} in flight"
        f" and {len(asked_again(house))} asked again, {len(traffic.reminded)} reminders,"
        f" {house.later.hastened} promises\n"
    )


def nothing_was_lost(house: House) -> None:
    kept, promised = house.ledger.inbox_keys(), acknowledged(house)
    assert promised <= set(kept), "acknowledged, and not in the store"
    assert len(promised) == len(house.traffic.acknowledged)
    assert len(kept) == len(promised) + len(asked_again(house))


def acknowledged(house: House) -> set[bytes]:
    """What the store calls the updates that got their 200."""
    vault = house.vault
    return {event_blind(vault, "telegram:123456", f"u{number}") for number in house.traffic.acknowledged}


def asked_again(house: House) -> list[int]:
    """Events of our own: a question that a reminder stood below was asked again, and nobody moved by it."""
    found = house.ledger.besides(acknowledged(house))
    assert all(before == after for _, _, before, after in found), "asked again, and somewhere else"
    asked = Counter(contact for _, contact, _, _ in found)
    assert asked <= house.ledger.reminded(), "asked again, and nothing stood below the question"
    return [event for event, *_ in found]


def nothing_was_applied_twice(house: House) -> None:
    walked = list(house.traffic.walked.values())
    assert all(questions(person) == questions(walked[0]) for person in walked)
    assert {len(sent) for sent in house.traffic.sent.values()} == {len(questions(walked[0]))}
    for steps in house.ledger.walks().values():
        assert [after for _, after in steps[:-1]] == [before for before, _ in steps[1:]]
    for numbers in house.ledger.sequences().values():
        assert numbers == list(range(1, len(numbers) + 1))
    again = chain.from_iterable(map(house.ledger.parts_of, asked_again(house)))
    assert sum(person.repeats for person in walked) <= in_flight(house) + messages(house, again)


def in_flight(house: House) -> int:
    """Messages that the killed ones may have sent."""
    return messages(house, house.in_flight)


def messages(house: House, parts: Iterable[int]) -> int:
    """How many messages parts are: some take two."""
    took = {
        row: len(names) for rows in house.ledger.shown(house.vault).values() for row, names in rows.items()
    }
    return sum(took.get(row, 1) for row in parts)


def everything_left_in_order(house: House) -> None:
    """The platform numbers messages as they come."""
    for rows in house.ledger.shown(house.vault).values():
        messages = list(chain.from_iterable(rows.values()))
        assert messages == sorted(messages)


def every_part_came_to_its_end(house: House) -> None:
    assert house.ledger.states(PROMPT).keys() == {"sent"}
    ends = house.ledger.states("lane >= 2")
    assert ends["sent"]
    assert ends.keys() <= {"sent", "unknown"}
    assert ends["unknown"] <= len(house.in_flight)


def each_reminder_was_sent_once(house: House) -> None:
    came = house.traffic.reminded
    for cause, state in house.ledger.reminders().items():
        times = came[f"{REMINDER}{cause}"]
        assert times == 1 if state == "sent" else times <= 1, (cause, state, times)


def each_promise_was_kept_once(house: House) -> None:
    done = house.ledger.one("SELECT count(*) FROM agenda WHERE kind = 'case.answer' AND done_at IS NOT NULL")
    assert done == house.later.hastened > 0
    told = house.ledger.one("SELECT count(*) FROM casefile WHERE told_late")
    said = house.ledger.rows("SELECT contact_id, count(*) FROM outbox WHERE lane = 1 GROUP BY contact_id")
    assert len(said) == told
    assert len({parts for _, parts in said}) == 1


def everyone_came_to_the_end(house: House) -> None:
    people = len(house.traffic.walked)
    assert house.ledger.one("SELECT count(*) FROM contact") == people
    assert house.ledger.one("SELECT count(*) FROM submission WHERE closed_at IS NOT NULL") == people
    numbers = [number for (number,) in house.ledger.rows("SELECT number FROM casefile ORDER BY number")]
    assert len(numbers) == people
    assert [int(number[-5:]) for number in numbers] == list(range(1, people + 1))
    everybodys = house.ledger.answers()
    assert len(everybodys) == people
    assert len({tuple(fields) for fields in everybodys.values()}) == 1


@pytest.mark.parametrize("people", [8])
async def test_on_a_file_kills_lose_nothing_and_apply_nothing_twice(alone: House) -> None:
    await survive(alone, 5, within=120)


@pytest.mark.parametrize("people", [8])
async def test_on_a_server_kills_lose_nothing_and_apply_nothing_twice(many: House) -> None:
    await survive(many, 5, within=180)


@pytest.mark.long
@pytest.mark.parametrize("people", [16])
async def test_on_a_file_a_hundred_kills_lose_nothing_and_apply_nothing_twice(alone: House) -> None:
    await survive(alone, MANY, within=1800)


@pytest.mark.long
@pytest.mark.parametrize("people", [16])
async def test_on_a_server_a_hundred_kills_lose_nothing_and_apply_nothing_twice(many: House) -> None:
    await survive(many, MANY, within=2400)
