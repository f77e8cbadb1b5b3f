"""What fits what people wrote: told once, with the reason, at most weekly, and only to who wants it."""

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

import pytest
from sqlalchemy import Connection

from bot.core import effects as fx
from bot.core.activity import Bilingual, Coming, Employer, Kind, Vacancy
from bot.core.activity_effects import HoursChosen
from bot.core.answers import Key, Keys, PlaceCode, Value
from bot.runner import matching
from storage import activities, people
from storage.people import Flag
from storage.schema import outbox
from tests.runner.fair import TITLE, Fair
from tests.runner.office import WHO, Office, Said

ELSE, THIRD = "93007002", "93007003"
DAY = timedelta(days=1)
MASON: dict[str, Value] = {"home": PlaceCode("1501"), "job_sector": Key("construction")}


def builder(*sectors: str) -> Employer:
    work = tuple(Vacancy(Bilingual("ការងារ"), one, pay_least=250, pay_most=320) for one in sectors)
    return Employer("one", Bilingual("ក្រុមហ៊ុន"), work, "dara", date(2026, 11, 1))


@pytest.fixture
async def fair(office: Office) -> Fair:
    """In a fortnight, with an employer who builds."""
    made = Fair(office)
    begins = office.clock.at + 14 * DAY
    await made.becomes(employers=(builder("construction"),), starts_at=begins, ends_at=begins + DAY / 3)
    return made


async def tells(
    fair: Fair,
    answers: dict[str, Value],
    who: str = WHO,
    *,
    messages: bool = True,
    shares: bool = False,
    subject: str = "self",
) -> int:
    """Somebody told this in an intake, and said whether they want news."""
    number = await fair.someone(who)
    told: list[fx.Effect] = [fx.OpenSubmission(1, "work", "r")]
    if subject != "self":
        told.append(fx.SetSubject(1, "family"))
    for at, (field, value) in enumerate(answers.items()):
        told.append(fx.SaveAnswer(1, field, 0, value, "S0", coarse=True, node=f"work.{at}"))
    told.append(fx.ConsentGiven("messages", granted=messages, text="news.wanted", release="r"))
    await fair.asking.does(number, *told)
    if shares:
        now = fair.office.clock.at
        await fair.office.database.run(
            lambda conn: people.set_flag(conn, number, "careful", on=True, now=now)
        )
    return number


async def weeks(fair: Fair, count: int = 1) -> None:
    """Time goes by, half a day at a time, to the same hour of the same day of the week; all arrives."""
    for _ in range(count * 14):
        await fair.ticks(hours=12)
        await sends(fair)


async def sends(fair: Fair) -> None:
    """What may leave now has arrived."""
    now = fair.office.clock.at
    due = (outbox.c.state == "queued", outbox.c.lane > 0)
    left = outbox.update().where(*due).values(state="sent", sent_at=now)
    await fair.office.database.run(lambda conn: conn.execute(left))


async def matches(fair: Fair, who: str = WHO) -> list[Said]:
    return [one for one in await fair.letters(who) if "ព្រោះ" in one.part.text or "ចុចមើល" in one.part.text]


async def another(fair: Fair, kind: Kind, days: int, **cells: object) -> int:
    """One more activity, so many days from now."""
    begins, now = fair.office.clock.at + days * DAY, fair.office.clock.at
    sheet = replace(fair.sheet, starts_at=begins, ends_at=begins + DAY / 3, **cells)  # type: ignore[arg-type]

    def work(conn: Connection) -> int:
        made = activities.make(conn, kind, "pursat", sheet, now)
        activities.change(conn, made.id, now, state="published")
        return made.id

    return await fair.office.database.run(work)


async def test_who_worked_in_it_and_lives_there_is_told_on_tuesday_with_the_reason(fair: Fair) -> None:
    number = await tells(fair, MASON)
    await weeks(fair)
    (letter,) = await matches(fair)
    assert TITLE in letter.part.text
    assert "ធ្លាប់ធ្វើការខាងសំណង់" in letter.part.text
    assert "បាកាន" in letter.part.text.rpartition("ព្រោះ")[2]
    assert letter.part.text.partition("\n")[0] == await fair.office.words("match.head")
    payloads = [one.payload for row in letter.part.rows for one in row]
    assert payloads == [f"a:{fair.held.id}", "a:off:jobs"]
    assert await fair.office.ask("SELECT cause FROM outbox WHERE lane = 2") == [(f"match:2026-W48:{number}",)]
    planned = await fair.office.database.read(lambda conn: matching.planned(conn, fair.office.clock.at))
    assert [(name, due.isoformat()) for _, name, due in planned] == [
        ("2026-W49", "2026-12-01T09:30:00+07:00")
    ]


async def test_nobody_hears_of_the_same_twice_nor_more_than_once_a_week(fair: Fair) -> None:
    await tells(fair, MASON)
    await weeks(fair)
    assert len(await matches(fair)) == 1
    await another(fair, "fair", 20, employers=(builder("construction"),))
    await another(fair, "fair", 22, employers=(builder("construction"),))
    await weeks(fair)
    first, second = await matches(fair)
    assert TITLE in first.part.text
    assert [one.payload for row in second.part.rows for one in row] == ["a:2", "a:3", "a:off:jobs"]
    await weeks(fair)
    assert len(await matches(fair)) == 2


async def test_only_who_said_yes_and_is_safe_to_write_to_and_wrote_it_of_themself(fair: Fair) -> None:
    await tells(fair, MASON, messages=False)
    await tells(fair, MASON, ELSE, shares=True)
    await tells(fair, MASON, THIRD, subject="family")
    flags: tuple[Flag, ...] = ("stopped", "hidden", "resting")
    for at, flag in enumerate(flags):
        number = await tells(fair, MASON, f"8{at}")
        shut = partial(people.set_flag, contact_id=number, flag=flag, on=True, now=fair.office.clock.at)
        await fair.office.database.run(shut)
    await weeks(fair)
    assert await fair.office.ask("SELECT cause FROM outbox WHERE cause LIKE 'match:%'") == []


async def test_a_no_to_work_leaves_training_and_a_no_to_both_leaves_nothing(fair: Fair) -> None:
    wants: dict[str, Value] = MASON | {"training": Keys(("course",))}
    number = await tells(fair, wants)
    course = await another(fair, "course", 15)
    no_jobs = fx.ConsentGiven("messages-jobs", granted=False, text="t", release="r")
    await fair.asking.does(number, no_jobs)
    await weeks(fair)
    (letter,) = await matches(fair)
    assert [one.payload for row in letter.part.rows for one in row] == [f"a:{course}", "a:off:training"]


@pytest.mark.parametrize("coming", ["come", "cannot"])
async def test_who_has_answered_already_needs_no_telling(fair: Fair, coming: Coming) -> None:
    await tells(fair, MASON)
    await fair.answers(coming)
    await weeks(fair)
    assert await matches(fair) == []


async def test_to_the_discreet_it_tells_nothing(fair: Fair) -> None:
    number = await tells(fair, MASON)
    await fair.asking.does(number, fx.DiscretionChosen(discreet=True))
    await weeks(fair)
    (letter,) = await matches(fair)
    shown = letter.part.text + " ".join(one.label for row in letter.part.rows for one in row)
    assert TITLE not in shown
    assert "ការងារ" not in shown
    assert "សំណង់" not in shown


async def test_hundreds_are_told_a_hundred_at_a_time_and_each_once(
    fair: Fair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(matching, "AT_ONCE", 2)
    for who in ("1", "2", "3", "4", "5"):
        await tells(fair, MASON, who)
    await weeks(fair)
    causes = await fair.office.ask("SELECT cause FROM outbox WHERE cause LIKE 'match:%'")
    assert len(causes) == len(set(causes)) == 5


async def test_a_week_that_was_slept_through_is_left_to_the_next(fair: Fair) -> None:
    """Nobody ticked from before Tuesday to the Saturday after it."""
    await fair.ticks(hours=1)
    await tells(fair, MASON)
    await fair.ticks(days=6)
    assert await matches(fair) == []
    await weeks(fair)
    assert len(await matches(fair)) == 1


async def test_their_hours_are_kept(fair: Fair) -> None:
    number = await tells(fair, MASON)
    await fair.asking.does(number, HoursChosen("evening"))
    await weeks(fair)
    ((at,),) = await fair.office.ask("SELECT not_before FROM outbox WHERE cause LIKE 'match:%'")
    assert str(at).startswith("2026-11-24 09:00"), "16:00 in Phnom Penh"
