"""Announcements on their way: paused, resumed, stopped, grown, run out; and what people did with them."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.channels.channel import Retry
from bot.core.segment import Segment
from bot.runner import broadcast_expanding, broadcasting
from bot.runner.broadcasting import Refusal
from storage import agenda, kept_back, outbox, people
from storage.broadcasts import Broadcast
from storage.parts import WINDOW
from storage.staff import EVERYWHERE, Grant, Scope
from tests.runner.crowd import NEWS, Crowd
from tests.runner.office import LEASE, Office

DAY = timedelta(days=1)


@pytest.fixture
async def crowd(office: Office, monkeypatch: pytest.MonkeyPatch) -> Crowd:
    """Eight people, of whom two are queued at a time."""
    monkeypatch.setattr(broadcast_expanding, "AT_ONCE", 2)
    monkeypatch.setattr(broadcast_expanding, "AHEAD", 4)
    crowd = Crowd(office)
    await crowd.joins(*(str(nth) for nth in range(80, 88)))
    return crowd


async def claimed(crowd: Crowd, limit: int = 100) -> list[outbox.OutRow]:
    account, vault, until = crowd.office.stage.account, crowd.office.vault, crowd.now + LEASE
    return await crowd.does(outbox.claim, vault, account, "w9", crowd.now, until, limit)


async def test_paused_nothing_more_leaves_and_resumed_everybody_gets_it_once(
    crowd: Crowd, chief: Scope
) -> None:
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=3)
    assert len(await crowd.causes()) == 4
    paused = await crowd.does(broadcasting.pause, chief, number, crowd.now)
    assert isinstance(paused, Broadcast)
    assert paused.state == "paused"
    assert await claimed(crowd) == []
    await crowd.ticks(seconds=60, times=3)
    assert await claimed(crowd) == []
    assert len(await crowd.causes()) == 4, "nor is it queued for others"
    await crowd.does(broadcasting.resume, chief, number, crowd.now)
    crowd.office.serve()
    while len(crowd.office.stage.sent) < 8:
        await crowd.ticks(seconds=1)
    await crowd.ticks(seconds=10, times=3)
    assert (await crowd.finds(chief, number)).state == "done"
    assert sorted(who for who, _ in crowd.office.stage.sent) == sorted(crowd.ids), "nobody twice"
    assert (await crowd.stands(number)).states == {"sent": 8}


async def test_what_was_on_the_wire_and_must_be_tried_again_stays_where_it_is(
    crowd: Crowd, chief: Scope
) -> None:
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=3)
    in_hand = await claimed(crowd, 1)
    assert await crowd.does(outbox.begun, in_hand[0], crowd.now)
    await crowd.does(broadcasting.pause, chief, number, crowd.now)
    back = [outbox.Result(one, "queued", "busy", not_before=crowd.now) for one in in_hand]
    await crowd.does(outbox.finish, back, crowd.now)
    assert await claimed(crowd) == [], "not even until somebody looks after it"
    await crowd.ticks(seconds=1)
    assert await claimed(crowd) == []
    await crowd.does(broadcasting.resume, chief, number, crowd.now)
    await crowd.ticks()
    assert in_hand[0].contact_id in {one.contact_id for one in await claimed(crowd)}


async def test_what_waits_for_somebody_to_write_waits_on_while_it_is_paused(
    crowd: Crowd, chief: Scope
) -> None:
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=3)
    early, late = await claimed(crowd, 2)
    assert await crowd.does(outbox.begun, late, crowd.now)
    shut = [outbox.Result(one, "held", WINDOW) for one in (early, late)]
    await crowd.does(outbox.finish, shut[:1], crowd.now)
    await crowd.does(broadcasting.pause, chief, number, crowd.now)
    await crowd.does(outbox.finish, shut[1:], crowd.now)

    async def waits() -> list[bool]:
        """Whether they would get it now that they write."""
        whom = [await crowd.does(people.by_id, crowd.office.vault, one.contact_id) for one in (early, late)]
        return [bool(await crowd.does(kept_back.waiting, one)) for one in whom if one is not None]

    assert await waits() == [False, False]
    await crowd.does(broadcasting.resume, chief, number, crowd.now)
    assert await waits() == [True, True]


async def test_what_met_a_shut_window_after_it_went_on_waits_for_them_to_write(
    crowd: Crowd, chief: Scope
) -> None:
    """It was on the wire all the while."""
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=3)
    (slow,) = await claimed(crowd, 1)
    assert await crowd.does(outbox.begun, slow, crowd.now)
    await crowd.does(broadcasting.pause, chief, number, crowd.now)
    await crowd.does(broadcasting.resume, chief, number, crowd.now)
    await crowd.does(outbox.finish, [outbox.Result(slow, "held", WINDOW)], crowd.now)
    crowd.office.serve()
    while (await crowd.finds(chief, number)).state != "done":
        await crowd.ticks(seconds=5)
    person = await crowd.does(people.by_id, crowd.office.vault, slow.contact_id)
    assert person is not None
    assert len(await crowd.does(kept_back.waiting, person)) == 1


async def test_what_a_sender_has_in_hand_and_not_begun_does_not_leave(crowd: Crowd, chief: Scope) -> None:
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=3)
    in_hand = await claimed(crowd, 3)
    await crowd.does(broadcasting.pause, chief, number, crowd.now)
    assert [await crowd.does(outbox.begun, one, crowd.now) for one in in_hand] == [False] * 3
    await crowd.does(broadcasting.resume, chief, number, crowd.now)
    await crowd.ticks()
    assert len(await claimed(crowd)) == 4


async def test_stopped_is_the_end_of_it_also_for_what_waits_for_somebody_to_write(
    crowd: Crowd, chief: Scope
) -> None:
    await crowd.does(people.set_flag, crowd.ids["80"], "hidden", on=False, now=crowd.now)
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=3)
    in_hand = await claimed(crowd, 1)
    assert await crowd.does(outbox.begun, in_hand[0], crowd.now)

    def shut(conn: Connection) -> None:
        conn.exec_driver_sql("UPDATE outbox SET state = 'held' WHERE id = (SELECT max(id) FROM outbox)")

    await crowd.does(shut)
    await crowd.does(broadcasting.stop, chief, number, crowd.now)
    back = [outbox.Result(one, "queued", "busy", not_before=crowd.now) for one in in_hand]
    await crowd.does(outbox.finish, back, crowd.now)
    await crowd.ticks(seconds=60, times=2)
    assert await claimed(crowd) == []
    states = (await crowd.stands(number)).states
    assert sum(states.get(one, 0) for one in ("cancelled", "expired")) == 4 == sum(states.values())
    assert await crowd.does(broadcasting.resume, chief, number, crowd.now) == Refusal.STATE


async def test_a_segment_that_grew_stands_still_until_somebody_else_looks(
    crowd: Crowd, chief: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await crowd.announces(chief, replace(NEWS, send_at=crowd.now + DAY))
    await crowd.joins(*(f"9{nth:02}" for nth in range(30)))
    monkeypatch.setattr(broadcast_expanding, "AHEAD", 1000)
    crowd.office.clock.wait(days=1)
    await crowd.ticks(times=3)
    found = await crowd.finds(chief, number)
    assert (found.state, found.reason) == ("paused", broadcast_expanding.GREW)
    assert (await crowd.stands(number)).people <= 8 * 6 // 5 + 10
    assert await crowd.does(broadcasting.resume, chief, number, crowd.now) == Refusal.SECOND
    other = await crowd.hires("sok", Grant("approver", EVERYWHERE))
    assert isinstance(await crowd.does(broadcasting.resume, other, number, crowd.now), Broadcast)
    await crowd.ticks(seconds=1, times=3)
    assert (await crowd.stands(number)).people == 38


async def test_what_grew_is_looked_after_until_no_sender_has_any_of_it(
    crowd: Crowd, chief: Scope, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=3)
    (slow,) = await claimed(crowd, 1)
    assert await crowd.does(outbox.begun, slow, crowd.now)
    await crowd.joins(*(f"9{nth:02}" for nth in range(30)))
    monkeypatch.setattr(broadcast_expanding, "AHEAD", 1000)
    await crowd.ticks(seconds=1, times=3)
    assert (await crowd.finds(chief, number)).reason == broadcast_expanding.GREW
    assert await crowd.does(agenda.armed, broadcasting.EXPAND, str(number)) is not None
    back = outbox.Result(slow, "queued", "429", not_before=crowd.now)
    await crowd.does(outbox.finish, [back], crowd.now)
    await crowd.ticks(seconds=1, times=2)
    assert await claimed(crowd) == []
    assert await crowd.does(agenda.armed, broadcasting.EXPAND, str(number)) is None


async def test_nobody_gets_what_has_run_out(crowd: Crowd, chief: Scope) -> None:
    number = await crowd.announces(chief, replace(NEWS, expires=crowd.now + DAY))
    await crowd.ticks(seconds=1, times=3)
    crowd.office.clock.wait(days=1)
    await crowd.ticks(seconds=10, times=4)
    found = await crowd.finds(chief, number)
    assert (found.state, found.reason) == ("done", broadcast_expanding.EXPIRED)
    assert (await crowd.stands(number)).states == {"expired": 4}


async def test_a_sender_that_died_leaves_it_unknown_and_never_sends_it_twice(
    crowd: Crowd, chief: Scope
) -> None:
    number = await crowd.announces(chief)
    await crowd.ticks(seconds=1, times=3)
    lost, spared = await claimed(crowd, 2)
    assert await crowd.does(outbox.begun, lost, crowd.now)
    crowd.office.clock.wait(seconds=LEASE.total_seconds() + 1)
    crowd.office.serve()
    while len(crowd.office.stage.sent) < 7:
        await crowd.ticks(seconds=1)
    await crowd.ticks(seconds=10, times=3)
    states = {one.contact_id: one.state for one in await crowd.fates(number)}
    assert (states[lost.contact_id], states[spared.contact_id]) == ("unknown", "sent")
    assert sorted(states.values()) == ["sent"] * 7 + ["unknown"]
    again = await crowd.does(broadcasting.repeat, chief, number, crowd.now)
    assert isinstance(again, int)
    assert (await crowd.sees(chief, again)).people == 0, "it may have arrived"


async def test_replies_and_taps_are_told_for_each_person(crowd: Crowd, chief: Scope) -> None:
    number = await crowd.announces(chief, replace(NEWS, segment=Segment(languages=("km",))))
    crowd.office.serve()
    while len(crowd.office.stage.sent) < 8:
        await crowd.ticks(seconds=1)
    for who in crowd.ids:
        await crowd.office.until_states(["sent"], who)
    crowd.office.clock.wait(minutes=5)
    await crowd.office.type("អរគុណ", who="81")
    await crowd.office.tap("សួរ", who="82")
    tapped = (await crowd.office.outbox("82"))[-1].part
    assert tapped.text, "and the tap was answered as any other"
    crowd.office.clock.wait(days=4)
    await crowd.office.type("សួស្តី", who="83")
    fates = {one.contact_id: one for one in await crowd.fates(number)}
    replied = [who for who, one in crowd.ids.items() if fates[one].replied_at is not None]
    assert replied == ["81"], "a tap is no reply, and after four days nobody answers"
    assert fates[crowd.ids["82"]].taps == ("d:faq",)


async def test_a_throttled_account_tries_again_and_loses_nobody(crowd: Crowd, chief: Scope) -> None:
    crowd.office.stage.outcomes.append(Retry("busy"))
    number = await crowd.announces(chief)
    crowd.office.serve()
    while len(crowd.office.stage.sent) < 8:
        await crowd.ticks(seconds=5)
    for who in crowd.ids:
        await crowd.office.until_states(["sent"], who)
    assert (await crowd.stands(number)).states == {"sent": 8}


async def test_everything_that_staff_do_is_written_down(crowd: Crowd, chief: Scope) -> None:
    number = await crowd.announces(chief)
    await crowd.does(broadcasting.pause, chief, number, crowd.now)
    await crowd.does(broadcasting.resume, chief, number, crowd.now)
    await crowd.does(broadcasting.stop, chief, number, crowd.now)
    lines = await crowd.office.ask(
        "SELECT staff_id, action, what FROM audit WHERE action LIKE 'broadcast%' ORDER BY id"
    )
    assert lines == [
        (chief.staff_id, f"broadcast.{did}", f"broadcast {number}")
        for did in ("draft", "approve", "pause", "resume", "cancel")
    ]
