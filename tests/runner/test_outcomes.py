"""After a fair: who had a seat is asked on the first, 14th and 60th day, once; a word of money goes on."""

from datetime import UTC, datetime, timedelta
from functools import partial

import pytest

from bot.core import effects as fx
from bot.core.activity_effects import OutcomeTold
from bot.runner import outcomes as asking
from storage import activities, case_rows, outcomes, people, submissions
from storage.outcomes import Counted
from storage.people import Flag
from storage.schema import outcome
from tests.runner.fair import TITLE, WEEK, Fair
from tests.runner.office import WHO, Office, Said

ELSE = "93007002"
DAY = timedelta(days=1)


@pytest.fixture
async def fair(office: Office) -> Fair:
    """On the 29th at noon, for eight hours."""
    made = Fair(office)
    await made.answers("come")
    number, now = await made.someone(), office.clock.at
    await office.database.run(lambda conn: people.set_flag(conn, number, "careful", on=False, now=now))
    return made


async def days(fair: Fair, count: int) -> None:
    """Time goes by, half a day at a time."""
    for _ in range(2 * count):
        await fair.ticks(hours=12)


async def asked(fair: Fair, who: str = WHO) -> list[Said]:
    head = await fair.office.words("after.day1")
    return [one for one in await fair.letters(who) if one.part.text.startswith(head)]


async def counted(fair: Fair) -> list[Counted]:
    return await fair.office.database.read(lambda conn: outcomes.counted(conn, fair.held.id))


async def test_they_are_asked_on_three_days_and_never_twice(fair: Fair) -> None:
    await days(fair, 6)
    assert await asked(fair) == []
    await days(fair, 3)
    (first,) = await asked(fair)
    assert TITLE in first.part.text
    assert TITLE not in first.part.text.partition("\n")[0]
    stem = f"a:{fair.held.id}:after1:work-"
    payloads = [one.payload for row in first.part.rows for one in row]
    assert payloads == [f"{stem}yes", f"{stem}offer", f"{stem}no"]
    await days(fair, 62)
    number = await fair.someone()
    causes = await fair.office.ask("SELECT cause FROM outbox WHERE cause LIKE '%after%' ORDER BY id")
    assert causes == [(f"activity:{fair.held.id}:after{day}:{number}",) for day in (1, 14, 60)]
    assert [(one.day, one.asked) for one in await counted(fair)] == [(1, 1), (14, 1), (60, 1)]


async def test_the_days_are_counted_from_its_last_day_at_ten_in_the_morning() -> None:
    late = datetime(2026, 11, 29, 18, tzinfo=UTC)  # 01:00 of the 30th in Phnom Penh
    assert asking.moment(late, 1).isoformat() == "2026-12-01T10:00:00+07:00"
    assert asking.moment(late, 60).isoformat() == "2027-01-29T10:00:00+07:00"


async def test_one_that_moves_is_asked_about_after_it_took_place(fair: Fair) -> None:
    await days(fair, 2)
    begins = fair.sheet.starts_at + WEEK
    await fair.becomes(starts_at=begins, ends_at=begins + 4 * timedelta(hours=1))
    await days(fair, 8)
    assert await asked(fair) == []
    await days(fair, 6)
    assert len(await asked(fair)) == 1


async def test_one_that_was_called_off_is_asked_about_by_nobody(fair: Fair) -> None:
    await days(fair, 2)
    number, now = fair.held.id, fair.office.clock.at
    await fair.office.database.run(lambda conn: activities.change(conn, number, now, state="cancelled"))
    await days(fair, 30)
    assert await counted(fair) == []


async def test_who_did_not_come_or_wants_nothing_unasked_is_left_in_peace(fair: Fair) -> None:
    now = fair.office.clock.at
    await fair.answers("maybe", who=ELSE)
    flags: tuple[Flag, ...] = ("stopped", "hidden", "resting")
    for flag in flags:
        await fair.answers("come", who=flag)
        number = await fair.someone(flag)
        shut = partial(people.set_flag, contact_id=number, flag=flag, on=True, now=now)
        await fair.office.database.run(shut)
    await fair.answers("come", who="refused")
    no = fx.ConsentGiven("messages", granted=False, text="news.wanted", release="r")
    await fair.asking.does(await fair.someone("refused"), no)
    await days(fair, 10)
    assert [(one.day, one.asked) for one in await counted(fair)] == [(1, 1)]
    assert len(await asked(fair)) == 1


async def test_to_the_discreet_it_does_not_name_what_they_came_to(fair: Fair) -> None:
    await fair.asking.does(await fair.someone(), fx.DiscretionChosen(discreet=True))
    await days(fair, 9)
    (letter,) = await asked(fair)
    assert TITLE not in letter.part.text


async def test_after_a_machine_that_slept_too_long_nobody_is_asked(fair: Fair) -> None:
    await fair.ticks(hours=1)
    await fair.ticks(days=18)  # the first question may be a week late
    assert [one.day for one in await counted(fair)] == []
    await days(fair, 5)
    assert [one.day for one in await counted(fair)] == [14]


async def test_hundreds_are_asked_a_hundred_at_a_time_and_each_once(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    for who in ("1", "2", "3", "4"):
        await fair.answers("come", who=who)
    await days(fair, 9)
    assert [(one.day, one.asked) for one in await counted(fair)] == [(1, 5)]
    causes = await fair.office.ask("SELECT cause FROM outbox WHERE cause LIKE '%after1%'")
    assert len(set(causes)) == 5


async def test_whoever_can_not_be_written_to_that_day_is_asked_on_a_later_one_and_counted(fair: Fair) -> None:
    number, now = await fair.someone(), fair.office.clock.at
    hold = partial(people.set_flag, contact_id=number, flag="stopped", now=now)
    await fair.office.database.run(partial(hold, on=True))
    await days(fair, 9)
    assert [(one.day, one.asked, one.missed) for one in await counted(fair)] == [(1, 0, 1)]
    await fair.office.database.run(partial(hold, on=False))
    await days(fair, 2)
    assert [(one.day, one.asked, one.missed) for one in await counted(fair)] == [(1, 1, 0)]


# --- what they answer ---


async def test_what_they_answer_is_kept_and_counted(fair: Fair) -> None:
    await days(fair, 9)
    number, held = await fair.someone(), fair.held.id
    await fair.asking.does(number, OutcomeTold(held, 1, work="offer"))
    await fair.asking.does(number, OutcomeTold(held, 1, money=False))
    await fair.asking.does(number, OutcomeTold(held, 14, work="yes"))  # nobody has asked that yet
    (kept,) = await fair.office.database.read(lambda conn: outcomes.of_person(conn, number))
    assert (kept.day, kept.work) == (1, "offer")
    assert await fair.office.many("casefile") == 0
    assert await counted(fair) == [Counted(1, 1, 1, 1, 0, 1, 0, 0)]


async def test_money_that_somebody_wanted_is_a_complaint_past_the_centre_once(fair: Fair) -> None:
    await days(fair, 9)
    number, held = await fair.someone(), fair.held.id
    for _ in range(2):
        await fair.asking.does(number, OutcomeTold(held, 1, money=True))
    database = fair.office.database
    (case,) = await database.read(lambda conn: case_rows.live_of(conn, number))
    assert (case.kind, case.restricted, case.centre) == ("complaint", True, None)
    assert (case.number or "").startswith("SG-")
    who = await database.read(lambda conn: people.by_id(conn, fair.office.vault, number, lock=False))
    assert who is not None
    (said,) = await database.read(lambda conn: submissions.answers_of(conn, who.key, number))
    assert (said.field, said.sensitivity) == (f"money-wanted-{held}", "S2")
    assert TITLE in said.value.decode()
    assert [one.money for one in await counted(fair)] == [1], "counted once, however often it was said"


async def test_beside_the_person_nothing_in_clear_tells_that_somebody_wanted_money(fair: Fair) -> None:
    await fair.answers("come", who=ELSE)
    await days(fair, 9)
    yes, no = await fair.someone(), await fair.someone(ELSE)
    await fair.asking.does(yes, OutcomeTold(fair.held.id, 1, money=True))
    await fair.asking.does(no, OutcomeTold(fair.held.id, 1, money=False))
    rows = await fair.office.ask(
        "SELECT activity_id, day, asked_at, answered_at, work FROM outcome ORDER BY contact_id"
    )
    columns = set(outcome.c.keys()) - {"contact_id", "cause"}
    assert columns == {"activity_id", "day", "asked_at", "answered_at", "work"}
    assert rows[0] == rows[1]


async def test_nobody_can_answer_what_they_were_not_asked(fair: Fair) -> None:
    number = await fair.someone(ELSE)
    await fair.asking.does(number, OutcomeTold(fair.held.id, 1, work="yes"))
    await fair.asking.does(number, OutcomeTold(fair.held.id, 1, money=True))
    assert await counted(fair) == []
    assert await fair.office.many("casefile") == 0
