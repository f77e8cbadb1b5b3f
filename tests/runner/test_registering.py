"""Whoever answers a fair hears what became of it: a seat, the waiting list, and how we can remind them."""

from dataclasses import replace

import pytest
from sqlalchemy import Connection

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.telegram.capabilities import TELEGRAM
from bot.core import effects as fx
from bot.core.answers import Phone
from bot.core.effects import Effect
from bot.core.khmer.digits import to_khmer_digits
from bot.core.window import Grants, Window
from bot.runner import links
from storage import activities, grants, media
from tests.runner.fair import TITLE, Fair
from tests.runner.office import WHO, Office
from tests.runner.stage import Stage

ELSE = "93007002"


@pytest.fixture
async def fair(office: Office) -> Fair:
    return Fair(office)


async def moved_to(fair: Fair, stage: Stage) -> None:
    """The office serves this channel alone."""
    office = fair.office
    office.stage = stage
    office.kit = replace(office.kit, channels={stage.account: stage})


# --- seats ---


async def test_whoever_comes_hears_of_their_seat_ticket_bus_and_reminder(fair: Fair) -> None:
    said = await fair.answers("bus", 3, stop="bakan")
    mine = await fair.mine()
    assert (mine.coming, mine.seat, mine.remind, len(mine.ticket)) == ("bus", "held", "app", 8)
    assert TITLE in said
    assert to_khmer_digits("3") in said
    assert mine.ticket in said
    assert "ផ្សារបាកាន" in said
    assert await fair.office.words("activity.remind-app") in said


async def test_the_first_line_tells_nothing_on_a_locked_screen(fair: Fair) -> None:
    said = await fair.answers("come")
    assert said.partition("\n")[0] == await fair.office.words("activity.held")
    assert TITLE not in said.partition("\n")[0]


async def test_who_finds_it_full_waits_and_is_not_told_of_a_seat(fair: Fair) -> None:
    await fair.answers("come", 9, who=ELSE)
    said = await fair.answers("come", 2)
    assert "បញ្ជីរង់ចាំ" in said
    assert await fair.office.words("activity.ticket") not in said
    assert (await fair.mine()).ticket not in said
    assert await fair.seats(ELSE, WHO) == ["held", "waiting"]


async def test_who_wants_more_than_there_is_hears_how_many_and_keeps_theirs(fair: Fair) -> None:
    await fair.answers("come", 2)
    await fair.answers("come", 6, who=ELSE)
    said = await fair.answers("come", 5)
    assert to_khmer_digits("4") in said
    assert to_khmer_digits("5") in said
    assert (await fair.mine()).party.adults == 2


async def test_who_will_never_fit_does_not_wait_and_hears_how_many_can_come(fair: Fair) -> None:
    for said, most in (
        (await fair.answers("come", 11), "10"),
        (await fair.answers("bus", 5, stop="bakan"), "4"),
    ):
        assert to_khmer_digits(most) in said
        assert "បញ្ជីរង់ចាំ" not in said
    assert await fair.office.many("registration") == 0


async def test_what_was_called_off_meanwhile_takes_nobody(fair: Fair) -> None:
    now, number = fair.office.clock.at, fair.held.id
    await fair.office.database.run(lambda conn: activities.change(conn, number, now, state="cancelled"))
    assert await fair.answers("bus", stop="bakan") == await fair.office.words("activity.closed")
    assert await fair.office.many("registration") == 0


async def test_a_bus_that_is_gone_is_not_promised(fair: Fair) -> None:
    await fair.becomes(stops=())
    assert await fair.answers("bus", stop="bakan") == await fair.office.words("activity.no-bus")


async def test_maybe_and_cannot_are_noted_too(fair: Fair) -> None:
    assert await fair.office.words("activity.maybe") in await fair.answers("maybe")
    assert await fair.office.words("activity.cannot") in await fair.answers("cannot")
    assert ((await fair.mine()).coming, (await fair.mine()).seat) == ("cannot", "none")


# --- reminders ---


async def test_who_wants_no_reminder_hears_of_none(fair: Fair) -> None:
    assert await fair.office.words("activity.remind-off") in await fair.answers("come", remind=False)
    assert (await fair.mine()).remind == "none"


@pytest.mark.parametrize(
    ("effects", "way"),
    [
        ((), "window"),
        ((fx.ConsentGiven("call", granted=True, text="x", release=""),), "window"),
        (
            (
                fx.OpenSubmission(1, "contact", "r"),
                fx.SaveAnswer(1, "phone", 0, Phone("+85512345678"), "S1", coarse=False, node="contact.phone"),
                fx.ConsentGiven("call", granted=True, text="x", release=""),
            ),
            "call",
        ),
    ],
    ids=["a window", "no number", "a number we may call"],
)
async def test_where_a_window_shuts_they_hear_what_it_means(
    fair: Fair, effects: tuple[Effect, ...], way: str
) -> None:
    await moved_to(fair, Stage("messenger:1", replace(MESSENGER, window=Window())))
    number = await fair.someone()
    await fair.asking.does(number, *effects)
    assert await fair.office.words(f"activity.remind-{way}") in await fair.answers("come")
    assert (await fair.mine()).remind == way


async def test_approved_words_pass_the_window(fair: Fair) -> None:
    await moved_to(fair, Stage("messenger:1", replace(MESSENGER, window=Window())))
    given = Grants(frozenset({"activity_reminder/km"}))

    def approve(conn: Connection) -> None:
        grants.put(conn, "messenger:1", given, fair.office.clock.at)

    await fair.office.database.run(approve)
    assert await fair.office.words("activity.remind-app") in await fair.answers("come")


async def test_too_soon_for_a_reminder_is_said(fair: Fair) -> None:
    fair.office.clock.wait(days=6, hours=23, minutes=50)
    assert await fair.office.words("activity.remind-late") in await fair.answers("come")


# --- files ---


async def test_the_calendar_gets_the_fair_as_it_is_now(fair: Fair) -> None:
    part = (await fair.wants("calendar")).part
    assert part.document is not None
    assert (part.document.name, part.document.mime) == ("activity.ics", "text/calendar")
    data = await _file(fair, part.document.media)
    assert TITLE.encode() in data.replace(b"\r\n ", b"")
    assert data.startswith(b"BEGIN:VCALENDAR")


async def test_a_ticket_is_a_picture_that_staff_scan(fair: Fair) -> None:
    assert (await fair.wants("ticket")).part.text == await fair.office.words("activity.no-ticket")
    await fair.answers("come")
    part = (await fair.wants("ticket")).part
    assert part.document is not None
    assert (await _file(fair, part.document.media)).startswith(b"\x89PNG")
    assert (await fair.mine()).ticket in part.text


async def test_where_no_file_can_be_sent_words_do(fair: Fair) -> None:
    await moved_to(fair, Stage(capabilities=replace(TELEGRAM, documents=False)))
    assert (await fair.wants("calendar")).part.text == await fair.office.words("activity.no-file")
    await fair.answers("come")
    assert (await fair.mine()).ticket in (await fair.wants("ticket")).part.text


async def test_a_link_to_share_opens_the_fair(fair: Fair) -> None:
    assert (await fair.wants("link")).part.text == await fair.office.words("activity.no-link")
    await fair.office.database.run(lambda conn: links.known_as(conn, fair.office.stage.account, "SpeanBot"))
    assert f"https://t.me/SpeanBot?start=f-{fair.held.id}" in (await fair.wants("link")).part.text


async def _file(fair: Fair, number: int) -> bytes:
    found = await fair.office.database.read(lambda conn: media.read(conn, fair.office.vault, number))
    assert found is not None
    return found[1]
