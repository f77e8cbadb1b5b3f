"""Corrections of an activity: once, to exactly those who were told otherwise, what has changed in front."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import Connection

from bot.core.activity import Bilingual, Follow
from bot.core.activity_effects import ActivitiesTold
from bot.runner import planning
from bot.runner.planning import Plan, Refused
from storage import audit, staff, subscriptions
from storage.people import Flag
from storage.schema import contact
from storage.staff import Grant, Scope
from tests.runner.office import WHO, Office
from tests.runner.planned import START, STOP, TITLE, Planned

ELSE, THIRD = "93007002", "93007003"
LATER = {"starts_at": START.replace(day=12), "ends_at": START.replace(day=12, hour=9)}


@pytest.fixture
async def planned(office: Office) -> Planned:
    """Published, and the quiet hours over."""
    found = Planned(office)
    await found.publish()
    await found.ticks()
    return found


async def follows(planned: Planned, who: str, place: str = "15", sector: str = "") -> int:
    """Somebody who wants to hear of fairs there, and has said yes to it."""
    number, now = await planned.fair.someone(who), planned.office.clock.at

    def work(conn: Connection) -> None:
        subscriptions.follow(conn, number, Follow("fairs", place, sector), now)
        its = contact.update().where(contact.c.id == number)
        conn.execute(its.values(consents="messages", careful=False))

    await planned.office.database.run(work)
    return number


async def scope_of(planned: Planned, *grants: Grant) -> Scope:
    now = planned.office.clock.at

    def work(conn: Connection) -> Scope:
        staff.add(conn, "vanna", grants, now)
        found = staff.scope(conn, "vanna")
        assert found is not None
        return found

    return await planned.office.database.run(work)


async def corrections(planned: Planned, who: str = WHO) -> list[tuple[str, str]]:
    return [one for one in await planned.letters(who) if one[0].startswith("r")]


# --- to whom ---


async def test_exactly_who_was_told_is_corrected_once(planned: Planned) -> None:
    await planned.knows(WHO)
    await planned.fair.someone(ELSE)
    became = await planned.change(**LATER)
    assert isinstance(became, Plan)
    assert (became.activity.state, became.changes, became.told) == ("moved", ("when",), 1)
    await planned.ticks(3)
    await planned.until("11-24 12:00")
    assert await corrections(planned) == [("r3", "11-22 12:00")]
    assert await planned.letters(ELSE) == []


async def test_whom_a_letter_reached_is_corrected_and_for_whom_it_waits_gets_it_anew(
    planned: Planned,
) -> None:
    await follows(planned, WHO)
    await follows(planned, ELSE)
    await planned.hours(ELSE, "evening")
    await planned.change(bring=Bilingual("អត្តសញ្ញាណប័ណ្ណ"))
    await planned.ticks()
    await planned.sends()
    await planned.change(**LATER)
    await planned.until("11-22 19:00")
    assert await planned.letters(WHO) == [("new", "11-22 12:00"), ("r4", "11-22 12:00")]
    assert await planned.letters(ELSE) == [("new", "11-22 16:00")], (
        "with the new time, and nothing to correct"
    )


async def test_whom_nothing_reached_is_not_corrected(planned: Planned) -> None:
    await follows(planned, WHO)
    await planned.change(bring=Bilingual("អត្តសញ្ញាណប័ណ្ណ"))
    await planned.ticks()
    await planned.office.ask("SELECT 1")
    await planned.office.database.run(
        lambda conn: conn.exec_driver_sql("UPDATE outbox SET state = 'failed' WHERE lane > 0")
    )
    await planned.change(**LATER)
    await planned.ticks()
    assert await corrections(planned) == []


async def test_who_saw_it_as_it_is_now_is_not_told_again(planned: Planned) -> None:
    await planned.knows(WHO)
    now = planned.office.clock.at
    await planned.change(**LATER)
    await planned.knows(WHO)
    await planned.ticks()
    assert now == planned.office.clock.at
    assert await corrections(planned) == []


async def test_who_was_shown_it_in_the_moment_of_the_change_is_corrected_as_well(planned: Planned) -> None:
    """Their step read it as it was; by the time it is written everybody else has been told."""
    number, was = await planned.fair.someone(), (await planned.held()).revision
    await planned.change(**LATER)
    await planned.ticks()
    await planned.fair.asking.does(number, ActivitiesTold(((planned.number, was),)))
    await planned.ticks()
    assert [kind for kind, _ in await corrections(planned)] == ["r3"]


# --- of what ---


async def test_what_has_changed_stands_in_front_and_the_first_line_tells_nothing(planned: Planned) -> None:
    await planned.knows()
    stops = (replace(STOP, leaves_at=STOP.leaves_at - timedelta(hours=1)),)
    await planned.change(venue=Bilingual("សាលាខេត្ត"), stops=stops, cost=5000)
    await planned.ticks()
    (said,) = await planned.said()
    lines = said.part.text.split("\n")
    assert lines[0] == await planned.office.words("reminder.changed")
    assert lines[1:3] == ["ប្តូរទីកន្លែង។", next(one for one in lines if "សាលាខេត្ត" in one)]
    assert "ផ្សារបាកាន – ម៉ោង ៥ ព្រឹក" in lines
    assert "តម្លៃថ្មី៖ ៥០០០ រៀល" in lines
    assert lines[-2] == TITLE


async def test_what_nobody_plans_by_is_not_corrected(planned: Planned) -> None:
    await planned.knows()
    became = await planned.change(description=Bilingual("មានទឹកផឹក"), capacity=500)
    assert isinstance(became, Plan)
    assert became.changes == ()
    await planned.until("11-24 12:00")
    assert await corrections(planned) == []


async def test_two_changes_in_one_night_are_one_correction(planned: Planned) -> None:
    await planned.knows()
    await planned.until("11-22 22:00")
    await planned.change(**LATER)
    await planned.ticks()
    await planned.change(venue=Bilingual("សាលាខេត្ត"))
    await planned.until("11-23 08:00")
    assert await corrections(planned) == [("r4", "11-23 07:00")]
    (said,) = await planned.said()
    assert "សាលាខេត្ត" in said.part.text
    assert "១២" in said.part.text, "both, from what they knew"


async def test_what_is_taken_back_before_it_was_told_is_no_correction(planned: Planned) -> None:
    await planned.knows()
    before = (await planned.held()).sheet
    await planned.until("11-22 22:00")
    await planned.change(**LATER)
    await planned.ticks()
    await planned.change(starts_at=before.starts_at, ends_at=before.ends_at)
    await planned.until("11-23 08:00")
    assert await corrections(planned) == []


async def test_what_is_called_off_is_said_and_nothing_else_leaves_for_it(planned: Planned) -> None:
    await planned.fair.answers("come")
    await planned.until("11-28 07:30")
    became = await planned.cancel()
    assert isinstance(became, Plan)
    assert became.changes == ("cancelled",)
    await planned.until("12-05 08:00")
    assert await planned.letters() == [], "they were told nothing by us yet"
    await planned.knows(ELSE)
    assert await planned.cancel() == Refused.NOT_NOW


async def test_who_comes_and_saw_it_hears_that_it_is_called_off(planned: Planned) -> None:
    await planned.knows()
    await planned.fair.answers("come")
    await planned.cancel()
    await planned.until("12-05 08:00")
    assert await planned.letters() == [("r3", "11-22 12:00")]
    (said,) = await planned.said()
    assert said.part.text.partition("\n")[0] == await planned.office.words("reminder.cancelled")


# --- when ---


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("12-04 12:00", "12-04 12:00"),
        ("12-04 22:00", "12-04 22:00"),  # it begins in ten hours: quiet hours or not
        ("12-04 23:30", "12-05 04:30"),  # but not in the dead of night
        ("12-03 22:00", "12-04 07:00"),  # it begins in more than 18 hours
    ],
)
async def test_what_begins_soon_may_pass_quiet_hours(planned: Planned, at: str, leaves: str) -> None:
    await planned.knows()
    await planned.until(at)
    await planned.cancel()
    await planned.until("12-05 08:00")
    assert [when for _, when in await corrections(planned)] == [leaves]


async def test_where_discretion_was_asked_it_never_does_and_staff_are_told_at_once(planned: Planned) -> None:
    await planned.knows()
    await planned.hours(WHO, "evening")
    await planned.knows(ELSE)
    await planned.flagged(ELSE, "discreet")
    await planned.until("12-04 21:30")
    await planned.cancel()
    await planned.ticks()
    assert await corrections(planned, ELSE) == [("r3", "12-05 07:00")]
    assert await corrections(planned) == [("r3", "12-05 16:00")]
    assert await planned.missed() == [("r3", "too late")], "whoever has set out by then is called"
    (said,) = await planned.said(ELSE)
    assert TITLE not in said.part.text


@pytest.mark.parametrize("flag", ["stopped", "hidden"])
async def test_who_wants_to_hear_nothing_is_left_to_staff(planned: Planned, flag: Flag) -> None:
    await planned.knows()
    await planned.flagged(WHO, flag)
    await planned.cancel()
    await planned.ticks()
    assert await corrections(planned) == []
    assert [occasion for occasion, _ in await planned.missed()] == ["r3"]


async def test_what_no_sender_took_before_the_quiet_hours_leaves_the_next_day(planned: Planned) -> None:
    await planned.knows()
    await planned.change(**LATER)
    await planned.ticks()
    await planned.sleeps("11-22 22:00")
    assert await corrections(planned) == []
    await planned.until("11-23 07:30")
    assert await corrections(planned) == [("r3", "11-23 07:00")]


# --- who may ---


async def test_staff_plan_only_what_their_own_centre_organises(planned: Planned) -> None:
    theirs = await scope_of(planned, Grant("broadcaster", "battambang"))
    assert await planned.cancel(theirs) == Refused.NOT_YOURS
    assert (await planned.held()).state == "published"


async def test_everything_that_staff_plan_has_its_line_in_the_audit(planned: Planned) -> None:
    theirs = await scope_of(planned, Grant("broadcaster", "pursat"))
    assert isinstance(await planned.cancel(theirs), Plan)
    lines = await planned.office.database.read(lambda conn: audit.latest(conn, 2))
    assert [(one.by, one.action) for one in lines] == [
        ("vanna", "activity.cancel"),
        (None, "activity.publish"),
    ]


async def test_a_draft_tells_nobody_and_what_is_over_stays_as_it_was(office: Office) -> None:
    planned = Planned(office)
    assert isinstance(await planned.change(cost=0), Plan)
    await planned.ticks()
    assert (
        await office.many("agenda WHERE kind IN ('activity.remind', 'activity.new', 'activity.correct')") == 0
    )
    await planned.publish()
    await planned.until("12-05 18:00")
    assert await planned.change(cost=1) == Refused.OVER
    assert isinstance(await planned.done(), Plan)
    unknown = planned.number + 1
    desk = planned.office.database.run_now(lambda conn: planning.done(conn, None, None, unknown, START))  # type: ignore[arg-type]
    assert desk == Refused.UNKNOWN
