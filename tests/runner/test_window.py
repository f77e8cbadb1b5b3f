"""A platform with a window: what may leave when, and what was kept back goes once, at the next contact."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot.channels.channel import Outcome, Shut
from bot.core.channel import Template
from bot.runner.desk import Told
from storage import grants, people
from storage.database import Database
from storage.outbox import Lane
from storage.parts import WINDOW
from storage.schema import contact
from storage.seal import Vault
from tests.runner.office import NOON, Office
from tests.runner.page import ACCOUNT, HERE, Page, opened

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)
FAIR = Template("fair_reminder", "km", (("event", "ពិព័រណ៍"),))


@pytest.fixture
async def page(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Page]:
    there = await opened(database, vault, tmp_path)
    yield there
    await there.office.close()


# --- when it is shut ---


@pytest.mark.parametrize(
    ("silent", "state"),
    [(timedelta(hours=23) - SECOND, "sent"), (timedelta(hours=23) + SECOND, "held")],
)
async def test_what_we_send_by_ourselves_ends_at_23_hours(page: Page, silent: timedelta, state: str) -> None:
    page.clock.at = NOON + silent
    await page.unasked("ស្អែកមានពិព័រណ៍")
    assert (await page.office.outbox())[-1].state == state
    assert ("ស្អែកមានពិព័រណ៍" in page.heard()) == (state == "sent")


@pytest.mark.parametrize(("silent", "told"), [(DAY - SECOND, Told.QUEUED), (DAY + SECOND, Told.WAITS)])
async def test_what_a_member_of_staff_types_ends_at_24_hours(
    page: Page, silent: timedelta, told: Told
) -> None:
    dara = await page.hires()
    page.clock.at = NOON + silent
    assert await page.replies(dara, "ខ្ញុំដារ៉ា") is told
    last = (await page.office.outbox())[-1]
    assert last.part.typed
    assert (last.state, last.reason) == (("sent", "") if told is Told.QUEUED else ("held", WINDOW))


@pytest.mark.parametrize(("silent", "way"), [(7 * DAY - SECOND, "human"), (7 * DAY + SECOND, None)])
async def test_a_page_with_human_agent_lets_staff_write_for_seven_days(
    page: Page, silent: timedelta, way: str | None
) -> None:
    dara = await page.hires()
    await page.may(human=True)
    page.clock.at = NOON + silent
    await page.unasked("ស្អែកមានពិព័រណ៍")
    await page.replies(dara, "ខ្ញុំដារ៉ា")
    tried = dict(page.stage.ways)
    assert tried.get("ខ្ញុំដារ៉ា") == way
    assert "ស្អែកមានពិព័រណ៍" not in tried, "never for what we send by ourselves"


async def test_only_an_approved_template_leaves_outside_the_window(page: Page) -> None:
    page.clock.at = NOON + 3 * DAY
    await page.unasked("ស្អែក", template=FAIR)
    await page.may("another/km")
    await page.unasked("ថ្ងៃនេះ", template=FAIR)
    assert "ស្អែក" not in page.heard()
    assert "ថ្ងៃនេះ" not in page.heard()
    await page.may("fair_reminder/km")
    await page.unasked("ឥឡូវ", template=FAIR)
    assert page.stage.ways[-1] == ("ឥឡូវ", "template")


async def test_the_platform_is_believed_when_it_says_that_the_window_is_shut(page: Page) -> None:
    """Error 10/2018278, although our clock says that it is open."""
    page.clock.wait(hours=1)
    page.stage.outcomes.append(Shut())
    await page.unasked("មួយ")
    await page.unasked("ពីរ")
    assert [one.state for one in (await page.office.outbox())[-2:]] == ["held", "held"]
    assert [words for _, words in page.stage.tried if words in {"មួយ", "ពីរ"}] == ["មួយ"], "asked once only"
    assert (await page.standing()).shut_at == NOON, "their last action: only a later one opens it"
    page.clock.wait(minutes=1)
    await page.writes()
    assert page.heard()[-2:] == ["មួយ", "ពីរ"]


async def test_our_fast_clock_keeps_no_later_action_from_opening_the_window(page: Page) -> None:
    page.clock.wait(hours=1)
    page.stage.outcomes.append(Shut())
    await page.unasked("មួយ")
    await page.office.happen("Text", at=page.clock.at - 30 * SECOND, text="ខ្ញុំនៅទីនេះ", message="m7")
    await page.settled()
    assert "មួយ" in page.heard()


async def test_words_of_staff_take_the_way_that_is_left_at_once(page: Page) -> None:
    dara = await page.hires()
    await page.may(human=True)
    page.clock.wait(hours=1)
    page.stage.outcomes.append(Shut())
    await page.replies(dara, "ខ្ញុំដារ៉ា")
    assert page.stage.ways[-2:] == [("ខ្ញុំដារ៉ា", "free"), ("ខ្ញុំដារ៉ា", "human")]
    assert page.heard()[-1] == "ខ្ញុំដារ៉ា"


@pytest.mark.parametrize("way", ["human", "template"])
async def test_a_way_that_the_platform_does_not_grant_stops_no_account(page: Page, way: str) -> None:
    dara = await page.hires()
    await page.may("fair_reminder/km", human=True)
    page.clock.at = NOON + 2 * DAY
    page.stage.outcomes.append(Shut(barred=True))
    if way == "human":
        await page.replies(dara, "មួយ")
        await page.replies(dara, "ពីរ")
    else:
        await page.unasked("មួយ", "ពីរ", template=FAIR)
    assert page.stage.ways[-1] == ("មួយ", way), "asked once only"
    assert [one.state for one in (await page.office.outbox())[-2:]] == ["held", "held"]
    known = await page.office.database.read(lambda conn: grants.known(conn, ACCOUNT))
    assert (known.human_agent, known.utility) == (way != "human", way != "template")
    assert (await page.standing()).shut_at is None, "it said nothing of the window"
    await page.writes()
    assert {"មួយ", "ពីរ"} <= set(page.heard()), "the account goes on"


async def test_who_writes_at_the_very_moment_is_not_left_waiting(page: Page) -> None:
    """The platform says no while their next message is on its way to us."""
    page.clock.wait(hours=1)
    said = page.stage.send

    async def meanwhile(*given: object, **how: object) -> Outcome:
        page.stage.send = said  # type: ignore[method-assign]
        page.clock.wait(seconds=1)
        await page.office.type("ខ្ញុំនៅទីនេះ")
        await said(*given, **how)  # type: ignore[arg-type]
        page.stage.sent.clear()
        return Shut()

    page.stage.send = meanwhile  # type: ignore[method-assign,assignment]
    await page.unasked("ស្អែកមានពិព័រណ៍")
    assert page.heard().count("ស្អែកមានពិព័រណ៍") == 1


async def test_a_channel_without_a_window_notes_nothing(office: Office) -> None:
    await office.type("សួស្តី")
    assert await office.ask("SELECT acted_at FROM address") == [(None,)]


# --- at the next contact ---


async def test_what_was_kept_back_goes_in_order_once_and_behind_the_reply(page: Page) -> None:
    dara = await page.hires()
    page.clock.at = NOON + 2 * DAY
    await page.unasked("ពិព័រណ៍ទី១", "ពិព័រណ៍ទី២")
    await page.replies(dara, "ខ្ញុំដារ៉ា")
    await page.unasked("ពិព័រណ៍ទី៣", "ពិព័រណ៍ទី៤", lane=Lane.BROADCAST)
    await page.replies(dara, "សូមហៅមកខ្ញុំ")
    before = len(page.heard())
    page.clock.wait(minutes=1)
    await page.writes("ខ្ញុំនៅទីនេះ")
    away = await page.office.words("bot.while-away")
    told = page.heard()[before:]
    reply = told[: told.index(away)]
    assert reply, "first of all an answer to what they just said"
    assert told[len(reply) :] == [away, "ខ្ញុំដារ៉ា", "សូមហៅមកខ្ញុំ", "ពិព័រណ៍ទី២", "ពិព័រណ៍ទី៣", "ពិព័រណ៍ទី៤"]
    ended = [one for one in await page.office.outbox() if one.part.text == "ពិព័រណ៍ទី១"]
    assert [(one.state, bool(one.reason)) for one in ended] == [("expired", True)]
    said = len(page.heard())
    await page.writes("អរគុណ")
    assert away not in page.heard()[said:]


async def test_what_is_of_no_use_any_more_does_not_go(page: Page) -> None:
    page.clock.at = NOON + 2 * DAY
    await page.unasked("ស្អែក", expires=page.clock.at + DAY)
    await page.unasked("ចម្លើយចាស់", lane=Lane.REPLY)
    page.clock.wait(days=2)
    await page.writes()
    assert not {"ស្អែក", "ចម្លើយចាស់"} & set(page.heard())
    assert await page.office.said("bot.while-away") == 0


async def test_who_stopped_automatic_messages_gets_only_words_of_staff(page: Page) -> None:
    dara = await page.hires()
    page.clock.at = NOON + 2 * DAY
    await page.unasked("ពិព័រណ៍")
    await page.replies(dara, "ខ្ញុំដារ៉ា")
    await _flag(page, "stopped")
    await page.writes()
    assert "ខ្ញុំដារ៉ា" in page.heard()
    assert "ពិព័រណ៍" not in page.heard()
    assert "held" in await page.office.states(), "it waits until they want messages again"


async def test_who_hid_the_chat_is_shown_nothing_until_they_write_again(page: Page) -> None:
    page.clock.at = NOON + 2 * DAY
    await page.unasked("ពិព័រណ៍")
    await page.writes("លាក់")
    assert "ពិព័រណ៍" not in page.heard()
    await page.office.happen("Reacted", message="m1")
    await page.settled()
    assert "ពិព័រណ៍" not in page.heard()
    await page.writes()
    assert "ពិព័រណ៍" not in page.heard(), "nobody knows yet who is writing"
    await page.office.tap(await page.office.words("bot.who-me"))
    await page.settled()
    assert page.heard().count("ពិព័រណ៍") == 1


async def test_nobody_else_at_the_phone_is_shown_what_was_kept_back(page: Page) -> None:
    """Somebody new says that it is them: what waits is of who wrote before."""
    office = page.office
    await _tells(page)
    first = await page.number()
    page.clock.at = NOON + 2 * DAY
    await page.unasked("ពិព័រណ៍")
    await page.writes("សួស្តី")
    assert "ពិព័រណ៍" not in page.heard(), "nobody knows yet who is writing"
    await office.tap(await office.words("bot.who-new"))
    await page.settled()
    assert await page.number() != first
    await page.writes("ខ្ញុំថ្មី")
    assert "ពិព័រណ៍" not in page.heard()


async def test_who_asks_to_be_erased_is_told_only_that(page: Page) -> None:
    page.clock.at = NOON + 2 * DAY
    await page.unasked("ពិព័រណ៍")

    def erasing(conn: Connection) -> None:
        found = people.find(conn, page.office.vault, HERE, "")
        assert found is not None
        people.set_erasing(conn, found.contact.id, page.clock.at)

    await page.office.database.run(erasing)
    await page.writes()
    assert "ពិព័រណ៍" not in page.heard()


async def test_the_platforms_clock_counts_but_never_the_future(page: Page) -> None:
    await page.office.happen("Text", at=NOON + 9 * DAY, text="សួស្តី", message="m9")
    assert (await page.standing()).acted_at == page.clock.at
    await page.office.happen("Text", at=NOON - DAY, text="សួស្តី", message="m8")
    assert (await page.standing()).acted_at == page.clock.at, "a late one takes nothing back"
    page.clock.wait(hours=2)
    await page.office.happen("Reachable", reachable=True)
    assert (await page.standing()).acted_at == NOON, "that was not the person"


async def test_a_reaction_opens_the_window_and_is_answered_with_nothing(page: Page) -> None:
    page.clock.at = NOON + 2 * DAY
    await page.unasked("ពិព័រណ៍")
    before = len(page.heard())
    await _flag(page, "reachable", on=False)
    for _ in range(30):
        await page.office.happen("Reacted", message="m1")
    await page.settled()
    assert page.heard()[before + 1 :] == ["ពិព័រណ៍"], "what waited, and no word about a flood"
    assert (await page.standing()).acted_at == page.clock.at
    assert await page.office.ask("SELECT reachable FROM contact") in ([(1,)], [(True,)])


async def test_a_reaction_after_hours_does_not_say_who_has_the_phone(page: Page) -> None:
    office = page.office
    await _tells(page)
    page.clock.at = NOON + 2 * DAY
    await page.unasked("ពិព័រណ៍")
    await office.happen("Reacted", message="m1")
    await page.settled()
    assert "ពិព័រណ៍" not in page.heard()
    await page.writes()
    assert "ពិព័រណ៍" not in page.heard(), "they are asked who they are first"


async def _tells(page: Page) -> None:
    """The person has told us something, so that it matters who writes."""
    for label in ("ភាសាខ្មែរ", "📖", "យល់ព្រម", "ជំនួយសម្រាប់ខ្ញុំ", "ប្រើតែម្នាក់ឯង"):
        await page.office.tap(label)
    await page.settled()


async def _flag(page: Page, name: str, *, on: bool = True) -> None:
    whose = update(contact).where(contact.c.id == await page.number())
    await page.office.database.run(lambda conn: conn.execute(whose.values({name: on})))
