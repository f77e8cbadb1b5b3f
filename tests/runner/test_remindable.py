"""How they can be reminded, each where they write: what they hear, what is kept, and that it is then so."""

from dataclasses import replace

import pytest

from bot.channels.messenger.capabilities import MESSENGER
from bot.channels.webchat.capabilities import WEBCHAT
from bot.core import effects as fx
from bot.core.answers import Key, Phone, Value
from bot.core.session import FieldAt, Session, Submission
from bot.core.window import Grants, Window
from storage import call_list, grants
from storage.outbox import Lane
from storage.people import Flag
from tests.runner.apps import HER_PSID, TELEGRAM, Apps
from tests.runner.office import WHO, Office
from tests.runner.planned import START, TITLE, Planned
from tests.runner.stage import Stage

ELSE = "93007002"
MAY_NOT_REACH = "អាចមិនទៅដល់អ្នកទេ។ សូមចូលមកមើលទីនេះ"
IN_TURN = "យើងសួរអ្នកតាមលំដាប់"
SAID_YES = (
    fx.OpenSubmission(1, "callback", "r"),
    fx.SaveAnswer(1, "phone", 0, Phone("+85512345678"), "S1", coarse=False, node="contact.phone"),
    fx.ConsentGiven("call", granted=True, text="x", release=""),
)


LATER = START.replace(day=19)


def page() -> Stage:
    return Stage("webchat:main", WEBCHAT)


def messenger() -> Stage:
    return Stage("messenger:1", replace(MESSENGER, window=Window()))


async def planned_on(office: Office, stage: Stage | None = None) -> Planned:
    """A fair in thirteen days; the office serves this channel alone."""
    if stage is not None:
        office.stage = stage
        office.kit = replace(office.kit, channels={stage.account: stage})
        office.agenda._kit = office.kit  # noqa: SLF001 - the office is made before the channel
    planned = Planned(office)
    await planned.publish()
    return planned


async def shares_the_phone(planned: Planned) -> None:
    """They said that others look at it."""
    number, asking = await planned.fair.someone(), planned.fair.asking
    answers: dict[FieldAt, Value] = {("phone_sharing", 0): Key("shared-careful")}
    await asking.stand(number, Session(submissions=(Submission(1, "intake", opened=True, answers=answers),)))
    await asking.does(number)


async def test_on_a_page_they_hear_what_they_can_do_and_that_is_kept(office: Office) -> None:
    planned = await planned_on(office, page())
    assert await office.words("activity.remind-page") in await planned.fair.answers("come")
    assert (await planned.fair.mine()).remind == "none"


async def test_on_a_page_staff_call_whoever_let_them_and_the_call_list_has_them(office: Office) -> None:
    planned = await planned_on(office, page())
    await planned.fair.asking.does(await planned.fair.someone(), *SAID_YES)
    assert await office.words("activity.remind-phone") in await planned.fair.answers("come")
    assert (await planned.fair.mine()).remind == "call"
    await planned.until("11-28 09:00")
    held = await planned.held()
    found = await office.database.read(lambda conn: call_list.due(conn, office.vault, held))
    assert [(one.number, one.occasion) for one in found.callees] == [("+85512345678", "reminder")]


async def test_who_waits_on_a_page_is_not_promised_to_be_told(office: Office) -> None:
    planned = await planned_on(office, page())
    await planned.change(capacity=1)
    await planned.fair.answers("come", who=ELSE)
    said = await planned.fair.answers("come")
    assert MAY_NOT_REACH in said
    assert IN_TURN not in said


async def test_who_waits_where_a_window_shuts_is_not_promised_to_be_asked_either(office: Office) -> None:
    """Approved words remind them of what they come to; there are none for a seat that comes free."""
    planned = await planned_on(office, messenger())
    given = Grants(frozenset({"activity_reminder/km"}))
    await office.database.run(lambda conn: grants.put(conn, "messenger:1", given, office.clock.at))
    await planned.change(capacity=1)
    await planned.fair.answers("come", who=ELSE)
    said = await planned.fair.answers("come")
    assert MAY_NOT_REACH in said
    assert IN_TURN not in said


async def test_who_waits_where_a_letter_always_gets_through_is_asked_in_turn(office: Office) -> None:
    planned = await planned_on(office)
    await planned.change(capacity=1)
    await planned.fair.answers("come", who=ELSE)
    assert IN_TURN in await planned.fair.answers("come")


async def test_approved_words_remind_nobody_whose_phone_others_see(office: Office) -> None:
    """They name the fair; what tells nothing needs an open window, so that nothing is promised."""
    planned = await planned_on(office, messenger())
    given = Grants(frozenset({"activity_reminder/km"}))
    await office.database.run(lambda conn: grants.put(conn, "messenger:1", given, office.clock.at))
    await planned.fair.answers("come")
    assert (await planned.fair.mine()).remind == "app"
    await shares_the_phone(planned)
    assert await office.words("activity.remind-window") in await planned.fair.answers("come")
    assert (await planned.fair.mine()).remind == "window"
    await planned.until("11-28 07:30")
    assert await planned.missed() == [("-7d", "waits")]


async def test_whose_phone_others_see_hears_that_a_reminder_tells_nothing(office: Office) -> None:
    planned = await planned_on(office)
    await shares_the_phone(planned)
    assert await office.words("activity.remind-discreet") in await planned.fair.answers("come")
    assert (await planned.fair.mine()).remind == "app"
    await planned.until("11-28 09:00")
    assert TITLE not in (await planned.said())[-1].part.text


@pytest.mark.parametrize(("flag", "message"), [("stopped", "remind-stopped"), ("hidden", "remind-none")])
async def test_whom_we_may_not_write_to_hears_that_nothing_comes(
    office: Office, flag: Flag, message: str
) -> None:
    planned = await planned_on(office)
    await planned.flagged(WHO, flag)
    assert await office.words(f"activity.{message}") in await planned.fair.answers("come")
    assert (await planned.fair.mine()).remind == "none"
    await planned.until("12-05 08:00")
    assert await planned.letters() == []


async def test_who_unblocked_us_by_this_very_answer_is_reminded(office: Office) -> None:
    planned = await planned_on(office)
    await planned.flagged(WHO, "reachable", on=False)
    assert await office.words("activity.remind-app") in await planned.fair.answers("come")


async def test_who_has_another_app_too_is_reminded_there_and_hears_where(office: Office) -> None:
    """Somebody of Telegram goes on in the web chat, where nothing can be sent."""
    apps = Apps(office)
    apps.messenger = page()
    office.kit.channels[apps.messenger.account] = apps.messenger  # type: ignore[index] - made a dict
    planned = await planned_on(office)
    number = await apps.joined()
    planned.fair.people[HER_PSID] = number
    said = await planned.fair.answers("come", who=HER_PSID)
    assert "យើងនឹងរំលឹកអ្នកក្នុង Telegram" in said
    assert (await planned.fair.mine(HER_PSID)).remind == "app"
    await planned.until("11-28 09:00")
    assert (await apps.went(number, Lane.REMINDER))[-1][0] == TELEGRAM


async def test_an_offer_that_is_taken_does_not_unsay_that_they_want_no_reminder(office: Office) -> None:
    planned = await planned_on(office)
    await planned.change(capacity=1)
    await planned.fair.answers("come", who=ELSE)
    await planned.fair.answers("come", remind=False)
    await planned.fair.answers("cannot", who=ELSE)
    said = await planned.fair.decides(taken=True)
    assert await office.words("activity.remind-off") in said
    assert await office.words("activity.remind-none") not in said


async def test_who_was_not_asked_as_it_was_too_late_is_not_reminded_of_another_day(office: Office) -> None:
    planned = await planned_on(office)
    await planned.sleeps("12-05 07:00")
    assert await office.words("activity.remind-late") in await planned.fair.answers("come")
    assert (await planned.fair.mine()).remind == "none"
    await planned.change(starts_at=LATER, ends_at=LATER.replace(hour=9), stops=())
    await planned.until("12-19 08:00")
    assert await planned.letters() == []


async def test_who_said_yes_before_keeps_it_where_they_are_not_asked_again(office: Office) -> None:
    planned = await planned_on(office)
    await planned.fair.answers("come")
    await planned.sleeps("12-05 07:00")
    assert await office.words("activity.remind-late") in await planned.fair.answers("come", 2)
    assert (await planned.fair.mine()).remind == "app"


async def test_a_fair_without_reminders_is_not_said_to_be_too_soon(office: Office) -> None:
    planned = await planned_on(office)
    await planned.change(reminders=())
    assert await office.words("activity.remind-off") in await planned.fair.answers("come")
