"""What somebody wants to hear of, as their own steps leave it; a no to one purpose; a yes to one employer."""

from datetime import date
from functools import partial

import pytest
from sqlalchemy import Connection, text

from bot.core import effects as fx
from bot.core.activity import Bilingual, Employer, Follow
from bot.core.activity_effects import Followed, HoursChosen, Introduce
from bot.core.announcement import Announcement
from bot.core.segment import Segment
from storage import broadcasts, case_rows, consents, outbox, people, submissions, subscriptions
from storage.outbox import Draft, Lane
from tests.runner.fair import Fair
from tests.runner.office import Office

FAIRS, JOBS = Follow("fairs", "15"), Follow("jobs", "15", "construction")
MILL = Employer("mill", Bilingual("រោងចក្រអង្ករ", "Rice mill"), (), "dara", date(2026, 11, 1))
UNCHECKED = Employer("other", Bilingual("ផ្សេង"))


@pytest.fixture
async def fair(office: Office) -> Fair:
    return Fair(office)


def no(purpose: str) -> fx.ConsentGiven:
    return fx.ConsentGiven(purpose, granted=False, text="stop-fairs.stopped", release="r")


async def wanted(fair: Fair, number: int) -> list[Follow]:
    return await fair.office.database.read(lambda conn: subscriptions.of_person(conn, number))


async def waits(fair: Fair, number: int, *causes: str) -> None:
    """Letters of these causes wait to leave."""
    now = fair.office.clock.at

    def work(conn: Connection) -> None:
        person = fair.asking.person(conn, number)
        first = people.take_seq(conn, number, len(causes))
        drafts = [Draft(cause, Lane.REMINDER, b'{"text":"x"}') for cause in causes]
        outbox.add(conn, person, drafts, first_seq=first, now=now)

    await fair.office.database.run(work)


async def test_what_they_follow_and_when_is_kept_until_they_say_otherwise(fair: Fair) -> None:
    number = await fair.someone()
    both = Followed(FAIRS, wanted=True), Followed(JOBS, wanted=True)
    await fair.asking.does(number, *both, HoursChosen("morning"))
    assert await wanted(fair, number) == [FAIRS, JOBS]
    assert await fair.office.ask("SELECT hours FROM safe_hours") == [("morning",)]
    await fair.asking.does(number, Followed(FAIRS, wanted=False))
    assert await wanted(fair, number) == [JOBS]


async def test_a_no_to_fairs_ends_them_and_takes_back_what_waits_but_no_reminder(fair: Fair) -> None:
    number, held = await fair.someone(), fair.held.id
    await fair.asking.does(number, Followed(FAIRS, wanted=True), Followed(JOBS, wanted=True))
    causes = (f"activity:{held}:new:{number}", f"activity:{held}:-7d:{number}", f"match:2026-W48:{number}")
    await waits(fair, number, *causes)
    await fair.asking.does(number, no("messages-fairs"))
    assert await wanted(fair, number) == [JOBS]
    queued = await fair.office.ask("SELECT cause FROM outbox WHERE state = 'queued' ORDER BY id")
    assert [cause for (cause,) in queued] == list(causes[1:])
    await fair.asking.does(number, no("messages-jobs"))
    assert await wanted(fair, number) == []
    queued = await fair.office.ask("SELECT cause FROM outbox WHERE state = 'queued' ORDER BY id")
    assert [cause for (cause,) in queued] == [causes[1]]


async def test_a_no_to_all_messages_ends_all_that_is_followed(fair: Fair) -> None:
    number, held = await fair.someone(), fair.held.id
    await fair.asking.does(number, Followed(FAIRS, wanted=True), Followed(JOBS, wanted=True))
    causes = (f"activity:{held}:new:{number}", f"activity:{held}:-1d 17:00:{number}")
    await waits(fair, number, *causes)
    await fair.asking.does(number, no("messages"))
    assert await wanted(fair, number) == []
    queued = await fair.office.ask("SELECT cause FROM outbox WHERE state = 'queued'")
    assert queued == [(causes[1],)]


async def test_a_no_takes_back_the_announcements_it_is_about_and_to_messages_what_is_asked_after(
    fair: Fair,
) -> None:
    number, now = await fair.someone(), fair.office.clock.at
    drafts = [Announcement("x", Segment(), Bilingual("x"), one) for one in ("fairs", "news", "training")]
    made = [
        await fair.office.database.run(partial(broadcasts.make, announcement=one, staff_id=None, now=now))
        for one in drafts
    ]
    fairs, news, training = (f"broadcast:{one}:{number}" for one in made)
    asks = f"activity:{fair.held.id}:after14:{number}"
    await waits(fair, number, fairs, f"{fairs}:1", news, training, asks)
    hold = "UPDATE outbox SET state = 'held' WHERE cause LIKE '%after%' OR id % 2 = 0"
    await fair.office.database.run(lambda conn: conn.execute(text(hold)))
    await fair.asking.does(number, no("messages-fairs"))
    left = "SELECT cause FROM outbox WHERE state IN ('queued', 'held') ORDER BY id"
    assert [cause for (cause,) in await fair.office.ask(left)] == [news, training, asks]
    await fair.asking.does(number, no("messages"))
    assert await fair.office.ask(left) == []


async def test_a_no_to_help_or_calls_leaves_what_is_followed(fair: Fair) -> None:
    number = await fair.someone()
    await fair.asking.does(number, Followed(FAIRS, wanted=True), no("call"), no("help"))
    assert await wanted(fair, number) == [FAIRS]


# --- a yes to one employer, each time ---


async def test_a_yes_to_one_employer_is_a_case_for_the_centre_and_goes_nowhere_by_itself(fair: Fair) -> None:
    await fair.becomes(employers=(MILL, UNCHECKED))
    number = await fair.someone()
    await fair.asking.does(number, Introduce(fair.held.id, "mill"))
    database, vault = fair.office.database, fair.office.vault
    (case,) = await database.read(lambda conn: case_rows.live_of(conn, number))
    assert (case.kind, case.centre, case.restricted) == ("person", "pursat", False)
    given = await database.read(lambda conn: consents.history(conn, number))
    assert [(one.purpose, one.granted) for one in given] == [("employer", True)]
    who = await database.read(lambda conn: people.by_id(conn, vault, number, lock=False))
    assert who is not None
    assert "employer" not in who.contact.consents, "it holds for once"
    (said,) = await database.read(lambda conn: submissions.answers_of(conn, who.key, number))
    assert said.field == f"introduce-{fair.held.id}-mill"
    assert "រោងចក្រអង្ករ" in said.value.decode()
    assert await fair.letters() == []


async def test_the_same_yes_again_is_no_second_one_and_nobody_unchecked_is_named(fair: Fair) -> None:
    await fair.becomes(employers=(MILL, UNCHECKED))
    number = await fair.someone()
    for employer in ("mill", "mill", "other", "nobody"):
        await fair.asking.does(number, Introduce(fair.held.id, employer))
    await fair.asking.does(number, Introduce(4711, "mill"))
    assert await fair.office.many("casefile") == 1
    assert await fair.office.many("consent") == 1
