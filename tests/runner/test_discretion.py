"""Who asks for discretion, or says that others see the phone, gets nothing plain that waited before."""

from collections.abc import Awaitable, Callable

import pytest
from sqlalchemy import Connection, select

from bot.core import effects as fx
from bot.core.answers import Key
from bot.core.session import Session, Submission
from storage import outbox, people
from storage.outbox import Draft, Lane
from storage.schema import outbox as parts
from tests.runner.fair import Fair
from tests.runner.office import WHO, Office, Said
from tests.runner.planned import START, TITLE, Planned

Asks = Callable[[Fair, str], Awaitable[None]]
SECOND = "93007002"


async def discreet(fair: Fair, who: str) -> None:
    await fair.asking.does(await fair.someone(who), fx.DiscretionChosen(discreet=True))


async def careful(fair: Fair, who: str) -> None:
    """They tell us in an intake that others use the phone."""
    number = await fair.someone(who)
    told = Submission(1, "intake", opened=True, answers={("phone_sharing", 0): Key("not-safe")})
    await fair.asking.stand(number, Session(submissions=(told,)))
    await fair.asking.does(number)


both = pytest.mark.parametrize("asks", [discreet, careful])


async def going(fair: Fair, who: str = WHO) -> list[Said]:
    """What still leaves unasked."""
    return [one for one in await fair.letters(who) if one.state in {"queued", "held"}]


@both
async def test_a_reminder_that_waits_leaves_in_words_that_tell_nothing(office: Office, asks: Asks) -> None:
    planned = Planned(office)
    await planned.publish()
    await planned.fair.answers("come")
    await planned.until("11-27 12:00")
    (plain,) = await going(planned.fair)
    assert TITLE in plain.part.text
    await asks(planned.fair, WHO)
    assert await going(planned.fair) == []
    await planned.ticks()
    (said,) = await going(planned.fair)
    assert TITLE not in said.part.text
    assert [one.payload for one in said.part.buttons] == [f"a:{planned.number}"]
    await planned.until("12-05 12:00")
    assert [occasion for occasion, _ in await planned.letters()] == ["-7d", "-1d 17:00", "-3h"]


@both
async def test_a_correction_that_waits_does_too(office: Office, asks: Asks) -> None:
    planned = Planned(office)
    await planned.publish()
    await planned.ticks()
    await planned.fair.someone()
    await planned.knows()
    await planned.hours(WHO, "evening")
    await planned.fair.asking.does(await planned.fair.someone())
    await planned.change(starts_at=START.replace(hour=3))
    await planned.ticks(3)
    (plain,) = await going(planned.fair)
    assert TITLE in plain.part.text
    await asks(planned.fair, WHO)
    assert await going(planned.fair) == []
    await planned.ticks()
    (said,) = await going(planned.fair)
    assert said.part.text == await office.words("reminder.changed-discreet")


@both
async def test_an_offer_that_waits_keeps_its_seat_and_names_nothing(office: Office, asks: Asks) -> None:
    fair = Fair(office)
    for who in (WHO, SECOND):
        await fair.answers("come", 10, who=who)
    await fair.answers("cannot", who=WHO)
    await fair.ticks()
    await asks(fair, SECOND)
    assert await going(fair, SECOND) == []
    await fair.ticks()
    (said,) = await going(fair, SECOND)
    assert fair.held.sheet.title.read_in("km") not in said.part.text
    assert await fair.seats(SECOND) == ["offered"]


@both
@pytest.mark.parametrize("cause", ["broadcast:7", "match:2026-W48", "activity:1:new", "activity:1:after1"])
async def test_news_that_went_only_because_nobody_looked_does_not_leave(
    office: Office, asks: Asks, cause: str
) -> None:
    fair = Fair(office)
    number, now = await fair.someone(), office.clock.at

    def queue(conn: Connection) -> None:
        person = people.by_id(conn, office.vault, number)
        assert person is not None
        drafts = [Draft(f"{cause}:{number}", Lane.BROADCAST, b"{}"), Draft("desk:1", Lane.STAFF, b"{}")]
        outbox.add(conn, person, drafts, first_seq=people.take_seq(conn, number, 2), now=now)

    await office.database.run(queue)
    await asks(fair, WHO)
    await fair.ticks()
    wanted = select(parts.c.cause, parts.c.state).where(parts.c.contact_id == number, parts.c.lane > 0)
    left = await office.database.read(lambda conn: conn.execute(wanted.order_by(parts.c.id)).all())
    assert [row.state for row in left] == ["cancelled", "queued"]
    assert left[0].cause.startswith(f"{cause}:{number}/")


async def test_who_wanted_discretion_all_along_loses_nothing(office: Office) -> None:
    planned = Planned(office)
    await planned.publish()
    await planned.fair.answers("come")
    await planned.flagged(WHO, "discreet")
    await planned.until("11-27 12:00")
    before = await going(planned.fair)
    await discreet(planned.fair, WHO)
    assert await going(planned.fair) == before
    assert len(before) == 1
