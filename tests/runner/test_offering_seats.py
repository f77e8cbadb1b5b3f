"""A seat that became free is offered down the waiting list: once to each, with a time to answer."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.messenger.capabilities import MESSENGER
from bot.core.activity import Bilingual
from bot.runner import planning
from bot.runner.notice import desk_of
from storage import people
from storage.people import Flag
from tests.runner.fair import TITLE, Fair
from tests.runner.office import Office
from tests.runner.stage import Stage

FIRST, SECOND, THIRD = "93007001", "93007002", "93007003"
DAY = timedelta(hours=24)


@pytest.fixture
async def fair(office: Office) -> Fair:
    """Full; two more parties of ten wait."""
    held = Fair(office)
    for who in (FIRST, SECOND, THIRD):
        await held.answers("come", 10, who=who)
    return held


async def test_whoever_waits_longest_is_asked_and_may_take_it(fair: Fair) -> None:
    await fair.answers("cannot", who=FIRST)
    now = await fair.ticks()
    (letter,) = await fair.letters(SECOND)
    assert TITLE in letter.part.text
    assert letter.part.text.partition("\n")[0] == await fair.office.words("activity.offer")
    assert [one.payload for one in letter.part.buttons] == [
        f"a:{fair.held.id}:take",
        f"a:{fair.held.id}:leave",
    ]
    assert await fair.letters(THIRD) == []
    cause, expires = (await fair.office.ask("SELECT cause, expires FROM outbox WHERE lane > 0"))[0]
    assert cause == f"activity:{fair.held.id}:offer1:{fair.people[SECOND]}"
    assert str(expires).startswith(str((now + DAY).replace(tzinfo=None)))
    said = await fair.decides(taken=True, who=SECOND)
    assert await fair.office.words("activity.held") in said
    assert await fair.seats(SECOND, THIRD) == ["held", "waiting"]
    await fair.ticks(hours=25)
    assert await fair.seats(SECOND, THIRD) == ["held", "waiting"]


async def test_a_seat_that_is_left_or_not_answered_goes_to_the_next(fair: Fair) -> None:
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    await fair.ticks(hours=24)
    assert await fair.seats(SECOND, THIRD) == ["none", "offered"]
    assert len(await fair.letters(THIRD)) == 1
    late = await fair.decides(taken=True, who=SECOND)
    assert "បញ្ជីរង់ចាំ" in late
    assert await fair.office.words("activity.cannot") in await fair.decides(taken=False, who=THIRD)
    assert await fair.seats(SECOND, THIRD) == ["offered", "none"]
    await fair.ticks()
    causes = await fair.office.ask("SELECT cause FROM outbox WHERE cause LIKE '%offer%' ORDER BY id")
    numbers = [fair.people[SECOND], fair.people[THIRD], fair.people[SECOND]]
    assert [row[0].partition("/")[0] for row in causes] == [
        f"activity:{fair.held.id}:offer{nth}:{who}" for nth, who in zip((1, 1, 2), numbers, strict=True)
    ]


async def test_nobody_is_woken_for_a_seat_and_has_a_day_from_the_morning(fair: Fair) -> None:
    fair.office.clock.wait(hours=10)  # 22:00
    await fair.answers("cannot", who=FIRST)
    now = await fair.ticks()
    (letter,) = await fair.letters(SECOND)
    morning = fair.office.kit.quiet_hours.after(now)
    assert letter.not_before == morning
    assert (await fair.mine(SECOND)).offered_until == morning + DAY


@pytest.mark.parametrize(("flag", "why"), [("stopped", "stopped"), ("hidden", "hid the chat")])
async def test_whoever_cannot_be_told_leaves_it_to_the_next(fair: Fair, flag: Flag, why: str) -> None:
    number, now = fair.people[SECOND], fair.office.clock.at
    await fair.office.database.run(lambda conn: people.set_flag(conn, number, flag, on=True, now=now))
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    assert await fair.letters(SECOND) == []
    assert await fair.seats(SECOND, THIRD) == ["none", "offered"]
    assert len(await fair.letters(THIRD)) == 1
    assert await missed(fair) == [(number, "offer1", why)]


async def test_whoever_asked_for_discretion_reads_nothing_of_it(fair: Fair) -> None:
    number, now = fair.people[SECOND], fair.office.clock.at
    await fair.office.database.run(lambda conn: people.set_flag(conn, number, "discreet", on=True, now=now))
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    (letter,) = await fair.letters(SECOND)
    assert TITLE not in letter.part.text
    assert [one.payload for one in letter.part.buttons] == [f"a:{fair.held.id}"]


async def test_more_room_is_offered_when_the_agenda_looks(fair: Fair) -> None:
    await fair.becomes(capacity=20)
    assert await fair.seats(SECOND, THIRD) == ["waiting", "waiting"]
    await fair.ticks()
    assert await fair.seats(SECOND, THIRD) == ["offered", "waiting"]
    assert len(await fair.letters(SECOND)) == 1


async def changes(fair: Fair, venue: str = "", *, off: bool = False) -> None:
    """Staff move it to another house, or call it off."""
    number, now, desk = fair.held.id, fair.office.clock.at, desk_of(fair.office.kit)
    sheet = replace(fair.sheet, venue=Bilingual(venue))
    await fair.office.database.run(
        lambda conn: (
            planning.cancel(conn, desk, None, number, now)
            if off
            else planning.change(conn, desk, None, number, sheet, now)
        )
    )


async def causes(fair: Fair, state: str) -> list[str]:
    found = await fair.office.ask(f"SELECT cause FROM outbox WHERE lane > 0 AND state = '{state}'")  # noqa: S608
    return [row[0].split(":", 2)[2].rpartition(":")[0] for row in found]


async def missed(fair: Fair) -> list[tuple[int, str, str]]:
    found = await fair.office.ask("SELECT contact_id, occasion, why FROM activity_missed ORDER BY contact_id")
    return [tuple(row) for row in found]


async def becomes(fair: Fair, was: str, state: str, began: str = "NULL") -> None:
    """What senders do of what leaves unasked."""
    sql = f"UPDATE outbox SET state = '{state}', sent_at = {began} WHERE lane > 0 AND state = '{was}'"  # noqa: S608
    await fair.office.database.run(lambda conn: conn.exec_driver_sql(sql))


@pytest.mark.parametrize("taken", [True, False], ids=["taken", "left"])
async def test_an_offer_that_comes_back_from_a_sender_is_not_made_once_it_is_answered(
    fair: Fair, *, taken: bool
) -> None:
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    await becomes(fair, "queued", "sending", "created_at")
    await fair.decides(taken=taken, who=SECOND)
    await fair.ticks(seconds=2)
    assert await causes(fair, "sending") == ["offer1"], "nobody knows whether it leaves"
    await becomes(fair, "sending", "queued")
    await fair.ticks(seconds=2)
    waits = "SELECT contact_id FROM outbox WHERE state = 'queued' AND cause LIKE '%offer%'"
    assert [row[0] for row in await fair.office.ask(waits)] == ([] if taken else [fair.people[THIRD]])
    assert await fair.seats(SECOND) == ["held" if taken else "none"]


async def test_an_offer_that_waits_is_made_anew_when_the_fair_moves(fair: Fair) -> None:
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    assert await causes(fair, "queued") == ["offer1"]
    await changes(fair, "សាលាខេត្ត")
    assert await causes(fair, "queued") == []
    await fair.ticks(minutes=1)
    assert await causes(fair, "queued") == ["offer2"]
    assert await fair.seats(SECOND) == ["offered"]


async def test_an_offer_of_what_is_called_off_never_leaves(fair: Fair) -> None:
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    await changes(fair, off=True)
    await fair.ticks(minutes=1)
    assert await causes(fair, "queued") == []


async def test_whom_an_offer_reached_hears_that_it_is_called_off(fair: Fair) -> None:
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    await fair.office.database.run(
        lambda conn: conn.exec_driver_sql("UPDATE outbox SET state = 'sent' WHERE lane > 0")
    )
    await changes(fair, off=True)
    await fair.ticks(minutes=1)
    assert await causes(fair, "queued") == ["r3"]


async def test_where_the_window_is_shut_the_seat_goes_to_the_next_at_once(office: Office) -> None:
    stage = Stage("messenger:main", MESSENGER)
    office.stage = stage
    office.kit = replace(office.kit, channels={stage.account: stage})
    office.agenda._kit = office.kit  # noqa: SLF001 - the office is made before the channel
    fair = Fair(office)
    for who in (FIRST, SECOND, THIRD):
        await fair.answers("come", 10, who=who)
    await fair.ticks(days=3)  # nobody wrote for so long
    await fair.answers("cannot", who=FIRST)
    await fair.ticks()
    assert await fair.seats(SECOND) == ["none"]
    assert await causes(fair, "held") == await causes(fair, "queued") == []
    assert await missed(fair) == [(fair.people[who], "offer1", "waits") for who in (SECOND, THIRD)]
    await fair.answers("come", 10, who=SECOND)
    assert await missed(fair) == [(fair.people[THIRD], "offer1", "waits")], "who looked again knows"
