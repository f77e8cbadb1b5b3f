"""Reminders of an activity: each once, at a moment of the person's own, never by what it said before."""

from dataclasses import replace

import pytest

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.webchat.capabilities import WEBCHAT
from bot.core.window import Grants
from bot.runner.planning import Plan, Refused
from storage import grants, reminders
from storage.people import Flag
from tests.runner.office import WHO, Office
from tests.runner.planned import START, STOP, TITLE, Planned, shown
from tests.runner.stage import Stage

ELSE = "93007002"
THREE = [("-7d", "11-28 08:00"), ("-1d 17:00", "12-04 17:00"), ("-3h", "12-04 20:00")]


@pytest.fixture
async def planned(office: Office) -> Planned:
    return Planned(office)


async def served_by(planned: Planned, stage: Stage) -> None:
    """The office serves this channel alone."""
    office = planned.office
    office.stage = stage
    office.kit = replace(office.kit, channels={stage.account: stage})
    office.agenda._kit = office.kit  # noqa: SLF001 - the office is made before the channel


# --- once, in time ---


async def test_whoever_comes_is_reminded_three_times_each_once(planned: Planned) -> None:
    plan = await planned.publish()
    assert isinstance(plan, Plan)
    assert [(one.offset, shown(one.at)) for one in plan.reminders] == [*THREE[:2], ("-3h", "12-05 05:00")]
    await planned.fair.answers("bus", 2, stop="bakan")
    await planned.until("12-05 08:00")
    await planned.ticks(3)
    assert await planned.letters() == THREE
    first = (await planned.said())[0].part
    words = planned.office.words
    assert first.text.partition("\n")[0] == await words("reminder.remind")
    assert TITLE in first.text
    assert "ផ្សារបាកាន" in first.text, "their own bus"
    assert [one.payload for one in first.buttons] == [f"a:{planned.number}", f"a:{planned.number}:cannot"]


@pytest.mark.parametrize(
    ("hours", "leaves"),
    [
        ("morning", ["11-28 08:00", "12-04 10:00", "12-04 10:00"]),
        ("noon", ["11-27 13:00", "12-04 13:00", "12-04 13:00"]),
        ("evening", ["11-27 19:00", "12-04 17:00", "12-04 19:00"]),
    ],
)
async def test_whoever_chose_hours_is_reminded_in_them(
    planned: Planned, hours: str, leaves: list[str]
) -> None:
    await planned.publish()
    await planned.hours(WHO, hours)
    await planned.fair.answers("come")
    await planned.until("12-05 08:00")
    assert sorted(at for _, at in await planned.letters()) == leaves


async def test_who_only_may_come_is_reminded_but_not_who_can_not_or_asked_not_to_be(planned: Planned) -> None:
    await planned.publish()
    await planned.fair.answers("maybe", who="1")
    await planned.fair.answers("cannot", who="2")
    await planned.fair.answers("come", who="3", remind=False)
    await planned.until("12-05 08:00")
    assert [len(await planned.letters(who)) for who in ("1", "2", "3")] == [3, 0, 0]


async def test_who_waits_for_a_seat_is_not_reminded_as_if_they_had_one(planned: Planned) -> None:
    await planned.publish()
    await planned.change(capacity=2)
    await planned.fair.answers("come", 2, who="1")
    await planned.fair.answers("come", who="2")
    await planned.until("12-05 08:00")
    assert [len(await planned.letters(who)) for who in ("1", "2")] == [3, 0]


async def test_a_hundred_people_are_made_ready_in_one_transaction_and_the_rest_in_the_next(
    planned: Planned,
) -> None:
    await planned.publish()
    for who in range(101):
        await planned.fair.answers("maybe", who=str(who))
    await planned.until("11-28 09:00")
    counts = [len(await planned.letters(str(who))) for who in range(101)]
    assert counts == [1] * 101


# --- late ---


async def test_who_registers_after_a_reminder_fell_due_gets_it_at_once_while_it_is_of_use(
    planned: Planned,
) -> None:
    await planned.publish()
    await planned.until("12-04 18:00")
    await planned.fair.answers("come")
    await planned.ticks()
    assert await planned.letters() == [("-1d 17:00", "12-04 18:00"), ("-3h", "12-04 20:00")]


async def test_who_registers_when_it_is_too_late_gets_none(planned: Planned) -> None:
    await planned.publish()
    await planned.until("12-04 21:30")
    await planned.fair.answers("come")
    await planned.until("12-05 08:00")
    assert await planned.letters() == []


async def test_a_fair_that_is_published_late_reminds_of_what_is_still_to_come(planned: Planned) -> None:
    await planned.until("12-03 12:00")
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("12-05 08:00")
    assert await planned.letters() == THREE[1:]


async def test_after_two_days_asleep_what_is_dead_is_left_and_staff_see_whom_it_missed(
    planned: Planned,
) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("11-26 12:00")
    await planned.sleeps("11-29 10:00")  # over the first, made ready or not
    assert await planned.letters() == []
    assert await planned.missed() == [("-7d", "too late")]
    await planned.until("12-05 08:00")
    assert await planned.letters() == THREE[1:]
    found = await planned.office.database.read(lambda conn: reminders.became(conn, planned.number))
    assert [(one.occasion, one.state, one.people) for one in found] == [
        ("-1d 17:00", "sent", 1),
        ("-3h", "sent", 1),
        ("-7d", "too late", 1),
    ]


async def test_asleep_when_it_was_to_leave_and_awake_within_grace_it_leaves_the_next_morning(
    planned: Planned,
) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("11-28 07:00")  # it waits for eight o'clock
    await planned.sleeps("11-28 22:00")
    assert await planned.letters() == [], "not in quiet hours"
    await planned.until("11-29 07:30")
    assert await planned.letters() == [("-7d", "11-29 07:00")]


# --- what they said anew ---


async def test_who_can_not_come_after_all_is_reminded_no_more(planned: Planned) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("12-04 07:00")  # the first has left, the others wait
    assert await planned.letters() == THREE
    await planned.fair.answers("cannot")
    assert await planned.letters() == THREE[:1]
    await planned.fair.answers("bus", stop="bakan")
    await planned.until("12-05 08:00")
    assert await planned.letters() == THREE, "and again when they come after all, but the first one only once"
    assert "ផ្សារបាកាន" in (await planned.said())[-1].part.text


@pytest.mark.parametrize("flag", ["stopped", "hidden", "resting"])
async def test_who_wants_to_hear_nothing_by_then_hears_nothing_and_staff_see_it(
    planned: Planned, flag: Flag
) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.flagged(WHO, flag)
    await planned.until("11-28 09:00")
    assert await planned.letters() == []
    ((occasion, why),) = await planned.missed()
    assert occasion == "-7d"
    assert why in {"stopped", "hid the chat", "in danger"}


@pytest.mark.parametrize("flag", ["discreet", "careful"])
async def test_where_others_see_it_a_reminder_tells_nothing(planned: Planned, flag: Flag) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.flagged(WHO, flag)
    await planned.until("11-28 09:00")
    (said,) = await planned.said()
    assert TITLE not in said.part.text
    assert said.part.text.startswith("សួស្តី។")
    assert [one.payload for one in said.part.buttons] == [f"a:{planned.number}"]


# --- what it says anew ---


async def test_a_fair_that_moves_reminds_by_its_new_time_and_nobody_twice(planned: Planned) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("11-28 09:00")  # the first has left
    later = START.replace(day=12)
    await planned.change(starts_at=later, ends_at=later.replace(hour=9), stops=())
    await planned.until("12-12 08:00")
    found = [one for one in await planned.letters() if one[0].startswith("-")]
    assert found == [("-7d", "11-28 08:00"), ("-1d 17:00", "12-11 17:00"), ("-3h", "12-11 20:00")]


async def test_a_reminder_that_waits_says_what_is_so_when_it_leaves(planned: Planned) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("12-04 12:00")
    await planned.change(bring=replace(STOP.name, km="សៀវភៅគ្រួសារ"))
    await planned.until("12-04 18:00")
    assert await planned.letters() == THREE
    assert "សៀវភៅគ្រួសារ" in (await planned.said())[-1].part.text


async def test_other_offsets_take_the_place_of_the_old(planned: Planned) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("11-28 07:30")
    await planned.change(reminders=("-2d 09:00",))
    await planned.until("12-05 08:00")
    assert await planned.letters() == [("-2d 09:00", "12-03 09:00")]


async def test_what_is_called_off_or_done_reminds_nobody(planned: Planned) -> None:
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("12-04 12:00")
    await planned.cancel()
    await planned.until("12-05 08:00")
    assert [kind for kind, _ in await planned.letters()] == ["-7d", "r3"]
    assert await planned.done() == Refused.NOT_NOW


# --- other ways ---


async def test_a_page_in_a_browser_is_no_way_to_remind(planned: Planned) -> None:
    await served_by(planned, Stage("webchat:main", WEBCHAT))
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("12-05 08:00")
    assert await planned.letters() == []


async def test_outside_the_window_an_approved_template_says_it_else_staff_are_told(planned: Planned) -> None:
    page = "messenger:9001"
    await served_by(planned, Stage(page, MESSENGER))
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("11-28 07:30")
    assert await planned.missed() == [("-7d", "waits")]
    office = planned.office
    may = Grants(frozenset({"activity_reminder/km"}))
    await office.database.run(lambda conn: grants.put(conn, page, may, office.clock.at))
    await planned.until("12-04 12:00")
    assert await planned.missed() == [("-7d", "waits")]
    template = (await planned.said())[-1].part.template
    assert template is not None
    assert dict(template.filled)["title"] == TITLE
    assert all("\n" not in said for _, said in template.filled)
