"""What leaves, in which order, how often, and what every outcome makes of it."""

import asyncio
from datetime import timedelta

import pytest

from bot.channels.channel import Outcome, Refused, Retry, Sent, Uncertain
from bot.core.pace import Limits
from bot.runner.judging import TRIES
from storage.outbox import Lane
from tests.runner.office import NOON, WHO, Office, until, words_of

OTHER = "93007002"


def hold(office: Office) -> asyncio.Event:
    """Sends hang from now on, until the event is set."""
    office.stage.closed = asyncio.Event()
    return office.stage.closed


async def test_a_reply_leaves_at_once_and_is_written_down_as_sent(office: Office) -> None:
    office.serve()
    await office.happen("Start")
    await office.until_states(["sent"])
    assert len(words_of(office.stage)) == 1


async def test_a_long_message_arrives_in_order(office: Office) -> None:
    office.serve()
    someone = await office.greet(WHO)
    texts = [f"{number} " + "ក" * 100 for number in range(12)]
    await office.queue(someone, *texts)
    await office.until_states(["sent"] * 12)
    assert words_of(office.stage) == texts


async def test_a_part_that_became_several_messages_counts_as_several(office: Office) -> None:
    office.sender.limiter._limits = {office.stage.account: Limits(25.0)}  # noqa: SLF001 - the office has none
    office.serve()
    office.stage.outcomes.append(Sent("11 12 13 14"))
    await office.happen("Start")
    await office.until_states(["sent"])
    assert office.sender.limiter.paced(office.stage.account).pace.tokens < 0


async def test_later_replies_wait_behind_one_that_is_tried_again(office: Office) -> None:
    office.serve()
    open_again = hold(office)
    office.stage.outcomes.append(Retry("flood", after=30))
    await office.happen("Start")
    await until(lambda: len(office.stage.tried) == 1)
    await office.type("សួស្តី")  # commits while the first is in flight
    await office.type("ខ្ញុំ")
    open_again.set()
    count = len(await office.outbox())
    await office.until_states(["queued"] * count)
    assert (await office.outbox())[0].not_before == NOON + timedelta(seconds=30)
    await office.type("តើ")  # and one more while it waits
    texts = [said.part.text for said in await office.outbox()]
    assert office.stage.sent == []

    office.clock.wait(seconds=29)
    office.sender.wake(office.stage.account)
    await office.type("ទេ")
    assert office.stage.sent == []
    office.clock.wait(seconds=2)
    office.sender.wake(office.stage.account)
    await office.until_states(["sent"] * (len(texts) + 1))
    assert words_of(office.stage)[: len(texts)] == texts


async def test_a_new_reply_does_not_pass_parts_that_wait_in_the_store(office: Office) -> None:
    """Another process left two parts; one is being sent when the person's next step commits."""
    office.serve()
    open_again = hold(office)
    someone = await office.greet(WHO)
    await office.queue(someone, "one", "two")
    await until(lambda: len(office.stage.tried) == 1)
    await office.happen("Start")
    open_again.set()
    await office.until_states(["sent"] * 3)
    assert words_of(office.stage)[:2] == ["one", "two"]


async def test_a_step_that_was_born_claimed_just_before_a_retry_goes_back_behind_it(office: Office) -> None:
    office.serve()
    someone = await office.greet(WHO)
    office.stage.outcomes.append(Retry("timeout", after=60))
    await office.queue(someone, "first")
    await office.until_states(["queued"])
    await until(lambda: someone in office.sender._blocked)  # noqa: SLF001 - the race cannot be timed from outside
    late = await office.born_claimed(someone, "second")
    office.sender.deliver(office.stage.account, late)
    await office.until_states(["queued", "queued"])
    office.clock.wait(seconds=61)
    office.sender.wake(office.stage.account)
    await office.until_states(["sent", "sent"])
    assert words_of(office.stage) == ["first", "second"]


async def test_people_do_not_wait_for_each_other(office: Office) -> None:
    office.serve()
    office.stage.outcomes.append(Retry("timeout", after=600))
    one, other = await office.greet(WHO), await office.greet(OTHER)
    await office.queue(one, "one")
    await office.until_states(["queued"])
    await office.queue(other, "other")
    await office.until_states(["sent"], OTHER)


async def test_too_many_requests_pause_everybody_and_for_the_longest_time_named(office: Office) -> None:
    office.serve()
    open_again = hold(office)
    office.stage.outcomes += [Retry("429", 60, account_wide=True), Retry("429", 5, account_wide=True)]
    one, other = await office.greet(WHO), await office.greet(OTHER)
    await office.queue(one, "one")
    await office.queue(other, "other")
    await until(lambda: len(office.stage.tried) == 2)
    open_again.set()
    await office.until_states(["queued"])
    await office.until_states(["queued"], OTHER)
    third = await office.greet("3")
    office.clock.wait(seconds=59)
    await office.queue(third, "third")
    await office.happen("Start", who="4")
    await office.until_states(["queued"], "3")
    await office.until_states(["queued"], "4")
    assert len(office.stage.tried) == 2
    office.clock.wait(seconds=2)
    office.sender.wake(office.stage.account)
    for who in (WHO, OTHER, "3", "4"):
        await office.until_states(["sent"], who)


async def test_a_refused_person_is_unreachable_and_a_refused_part_is_not(office: Office) -> None:
    office.serve()
    office.stage.outcomes += [Refused("too long"), Refused("bot was blocked", stop="person")]
    one = await office.greet(WHO)
    await office.queue(one, "one")
    await office.until_states(["failed"])
    assert await office.ask("SELECT reachable FROM contact") in ([(1,)], [(True,)])
    await office.queue(one, "two")
    await office.until_states(["failed", "failed"])
    assert await office.ask("SELECT reachable FROM contact") in ([(0,)], [(False,)])
    assert [said.reason for said in await office.outbox()] == ["too long", "person: bot was blocked"]


@pytest.mark.parametrize("kind", ["Reachable", "Text"])
async def test_whoever_writes_or_unblocks_us_is_reachable_again(office: Office, kind: str) -> None:
    office.serve()
    office.stage.outcomes.append(Refused("bot was blocked", stop="person"))
    one = await office.greet(WHO)
    await office.queue(one, "one")
    await office.until_states(["failed"])
    if kind == "Text":
        await office.type("សួស្តី")
    else:
        await office.happen("Reachable", reachable=True)
    assert await office.ask("SELECT reachable FROM contact") in ([(1,)], [(True,)])


@pytest.mark.parametrize(
    ("lane", "end"),
    [(Lane.REPLY, "sent"), (Lane.STAFF, "sent"), (Lane.REMINDER, "unknown"), (Lane.BROADCAST, "unknown")],
)
async def test_what_may_have_arrived_is_said_again_only_in_a_conversation(
    office: Office, lane: Lane, end: str
) -> None:
    office.serve()
    office.stage.outcomes.append(Uncertain("no answer"))
    await office.queue(await office.greet(WHO), "one", lane=lane)
    await until(lambda: len(office.stage.tried) == 1)
    if end == "sent":
        await office.until_states(["queued"])
        office.clock.wait(seconds=60)
        office.sender.wake(office.stage.account)
    await office.until_states([end])
    assert len(office.stage.tried) == (2 if end == "sent" else 1)


@pytest.mark.parametrize(
    ("outcome", "end"),
    [
        (Uncertain("cut"), "unknown"),
        (RuntimeError("a fault of ours"), "unknown"),
    ],
)
async def test_tries_are_bounded(office: Office, outcome: Outcome | Exception, end: str) -> None:
    office.serve()
    office.stage.outcomes += [outcome] * TRIES
    someone = await office.greet(WHO)
    await office.queue(someone, "one", "two")
    for count in range(1, TRIES):
        await office.until_tried(count)
        await office.until_states(["queued", "queued"])
        office.clock.wait(minutes=16)
        office.sender.wake(office.stage.account)
    await office.until_states([end, "sent"])
    assert [words for _, words in office.stage.tried] == ["one"] * TRIES + ["two"]


@pytest.mark.parametrize(("lane", "end"), [(Lane.REPLY, "queued"), (Lane.BROADCAST, "unknown")])
async def test_what_a_dead_process_held_is_taken_up_when_its_lease_ends(
    office: Office, lane: Lane, end: str
) -> None:
    await office.queue(await office.greet(WHO), "one", lane=lane)
    office.sender.serve(office.kit.channels)[0].cancel()
    hold(office)
    await office.sender._claim(office.stage.account)  # noqa: SLF001 - and then the power goes
    await office.until_tried(1)
    assert await office.states() == ["sending"]
    await office.agenda.tick(office.clock.at)
    assert await office.states() == ["sending"]
    office.clock.wait(seconds=61)
    await office.agenda.tick(office.clock.at)
    assert await office.states() == [end]


async def test_nobody_gets_a_part_twice_because_the_queue_was_long(office: Office) -> None:
    """Leases of what waits for its turn run out while others hang: they go back, and are not sent here."""
    office.serve()
    open_again = hold(office)
    ids = [await office.greet(str(number)) for number in range(90)]
    for contact_id in ids:
        await office.queue(contact_id, f"for {contact_id}")
    await until(lambda: len(office.stage.tried) == 64)
    office.clock.wait(seconds=50)
    open_again.set()
    for number in range(90):
        await office.until_states(["sent"], str(number))
    assert len(office.stage.tried) == 90


async def test_stopping_gives_back_what_was_not_tried(office: Office) -> None:
    office.serve()
    hold(office)
    one, other = await office.greet(WHO), await office.greet(OTHER)
    await office.happen("Start", who=OTHER)
    await office.queue(one, "one", lane=Lane.REMINDER)
    await until(lambda: len(office.stage.tried) == 2)
    chain = office.sender._chains[other]  # noqa: SLF001 - a second part in hand, behind the one in flight
    late = await office.born_claimed(other, "untried")
    office.sender.deliver(office.stage.account, late)
    assert len(chain) == 1
    await office.close()
    assert await office.states(OTHER) == ["queued", "queued"]
    assert [said.tries for said in await office.outbox(OTHER)] == [1, 0]
    assert await office.states() == ["unknown"]


async def test_stopping_lets_a_send_in_flight_finish(office: Office) -> None:
    office.serve()
    open_again = hold(office)
    await office.happen("Start")
    await until(lambda: len(office.stage.tried) == 1)
    stopping = asyncio.create_task(office.sender.drain(10))
    open_again.set()
    await stopping
    assert await office.states() == ["sent"]
