"""Eight processes send to a crowd as fast as they may, are killed, and lose their server: all hear it once.

Two take in, three send, three tick, on one token; the platform counts.
"""

import asyncio
import sys
from itertools import pairwise

import pytest

from tests.roles.crowd import Crowd
from tests.roles.promises import NOTHING_WAITS, everything_was_applied_once_and_in_order, rescued
from tests.roles.site import PATIENCE, Person, Process, Site

ROLES = ("ingest", "ingest", "dispatch", "dispatch", "dispatch", "tick", "tick", "tick")
TALKERS = 6
RATE = 20  # a second to begin with; busy, it rises to 22.4, and two may be at hand (bot.core.pace)
LIMIT = 30  # of the platform, in any second (facts: channels 2.1)
SILENT = "SELECT count(*) FROM agenda WHERE kind = 'chat.silence' AND done_at IS NULL"


async def survive(site: Site, crowd: Crowd, rounds: int) -> None:
    """In each round one of each role is killed and the server crashes, while all is busy."""
    alive, in_flight = await site.start(*ROLES), 0
    await asyncio.to_thread(crowd.come)
    people = [Person(site, 900 + number) for number in range(TALKERS)]
    over = asyncio.Event()
    talking = [asyncio.create_task(talk_until(one, over)) for one in people]
    for turn in range(rounds):
        await sent(site, 50)
        if turn == 0:
            await asyncio.to_thread(crowd.silence)
        killed = [next(one for one in alive if one.role == role) for role in dict.fromkeys(ROLES)]
        await asyncio.gather(*(one.kill() for one in killed))
        for one in killed:
            in_flight += await held(site, one)
            await rescued(site, one)
        alive = [one for one in alive if one not in killed]
        alive += await site.start(*(one.role for one in killed))
        await sent(site, 50)
        await asyncio.to_thread(site.server.crash)
    over.set()
    await asyncio.gather(*talking)
    await site.until(f"SELECT ({SILENT}) = 0", "every promise was kept", PATIENCE * rounds)
    await site.until(NOTHING_WAITS, "all is sent", PATIENCE * 3 * rounds)
    assert set(await site.stop()) == {0}
    show(site, in_flight)
    await everything_was_applied_once_and_in_order(site, people)
    await each_of_the_crowd_heard_everything_once(site, crowd, in_flight)
    never_above_the_limit(site)


async def talk_until(person: Person, over: asyncio.Event) -> None:
    while not over.is_set():
        await person.talk(1)


async def sent(site: Site, more: int) -> None:
    """Wait for so many more messages."""
    goal = len(site.fake.called("sendMessage")) + more
    await site.fake.until(lambda: len(site.fake.called("sendMessage")) >= goal, PATIENCE, "some talk")


async def held(site: Site, killed: Process) -> int:
    """Parts in the hands of a dead process."""
    ((parts,),) = await site.ask(
        "SELECT count(*) FROM outbox WHERE state = 'sending' AND starts_with(lease_by, %s)", f"{killed.pid}-"
    )
    return int(parts)


async def each_of_the_crowd_heard_everything_once(site: Site, crowd: Crowd, in_flight: int) -> None:
    came = crowd.reminded()
    ends = dict(await site.ask("SELECT cause, state FROM outbox WHERE lane = 2"))
    assert set(came) <= set(ends)
    for cause, state in ends.items():
        assert (
            came[cause] == 1 if state == "sent" else (state, came[cause]) in {("unknown", 0), ("unknown", 1)}
        )
    assert sum(state == "unknown" for state in ends.values()) <= in_flight
    many = len(crowd.contacts)
    assert await site.ask("SELECT count(*) FROM audit WHERE action = 'chat.silence'") == [(many,)]
    said = await site.ask(
        "SELECT state, count(*), count(DISTINCT contact_id) FROM outbox WHERE lane = 1 GROUP BY state"
    )
    assert said == [("sent", many, many)]
    parts = sum(state == "sent" or came[cause] for cause, state in ends.items()) + many
    ((replies,),) = await site.ask("SELECT count(*) FROM outbox WHERE lane = 0 AND state = 'sent'")
    assert parts + replies <= len(times(site)) <= parts + replies + in_flight


def times(site: Site) -> list[float]:
    """When the platform took each message."""
    return [call.at for call in site.fake.calls if call.method == "sendMessage" and call.status == 200]


def busiest(site: Site) -> int:
    """Messages in the busiest second."""
    at = times(site)
    first, most = 0, 0
    for last, now in enumerate(at):
        while at[first] <= now - 1.0:
            first += 1
        most = max(most, last - first + 1)
    return most


def never_above_the_limit(site: Site) -> None:
    assert all(one <= other for one, other in pairwise(times(site)))
    assert RATE * 0.75 <= busiest(site) <= LIMIT


def show(site: Site, in_flight: int) -> None:
    """What pytest prints with -rP."""
    at = times(site)
    sys.stdout.write(
        f"{len(at)} messages in {at[-1] - at[0]:.0f} s, {busiest(site)} in the busiest second,"
        f" {in_flight} in flight at the kills\n"
    )


async def test_a_crowd_is_reminded_once_whoever_dies(site: Site) -> None:
    site.rate = RATE
    await survive(site, Crowd(site, 120, 2), rounds=1)


@pytest.mark.long
async def test_a_large_crowd_is_reminded_once_whoever_dies(site: Site) -> None:
    site.rate = RATE
    await survive(site, Crowd(site, 1000, 3), rounds=8)
