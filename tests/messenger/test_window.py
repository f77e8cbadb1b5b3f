"""The 24 hours after a person's last act, end to end: what leaves, what waits, and how it goes after all."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.channel import Template
from bot.runner.desk import Told
from storage.outbox import Lane
from tests.fakes.graph import utility
from tests.fakes.graph.api import FakeGraph
from tests.fakes.graph.person import FakePerson
from tests.fakes.telegram.api import FakeTelegram
from tests.fakes.telegram.user import FakeUser
from tests.messenger.house import House, MovedClock, served

HER = "7001700170017001"
SECOND, HOUR, DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
FAIR, TOMORROW, DARA = "ស្អែកមានពិព័រណ៍ការងារ", "ពិព័រណ៍ការងារ", "ខ្ញុំឈ្មោះដារ៉ា"
REMINDER = Template("fair_reminder_v1", "en", (("event", "Job fair"), ("day", "Sunday")))
SUBMITTED = {
    "name": "fair_reminder_v1",
    "language": "en",
    "category": "UTILITY",
    "parameter_format": "NAMED",
    "components": [
        {
            "type": "BODY",
            "text": "Reminder: {{event}} is on {{day}}. You registered for it.",
            "example": {
                "body_text_named_params": [
                    {"param_name": "event", "example": "Job fair"},
                    {"param_name": "day", "example": "Sunday"},
                ]
            },
        }
    ],
}


def acted(person: FakePerson) -> datetime:
    assert person.thread.acted_at is not None
    return person.thread.acted_at


def tried(house: House, words: str) -> list[int | None]:
    """What the platform said of each call with these words; None: it took them."""
    calls = [call for call in house.fake.calls if call.edge == "messages"]
    return [call.code for call in calls if call.params.get("message", {}).get("text") == words]


@pytest.mark.parametrize(
    ("after", "state"),
    [(23 * HOUR - SECOND, "sent"), (23 * HOUR + SECOND, "held")],
    ids=["22:59:59", "23:00:01"],
)
async def test_what_we_send_by_ourselves(house: House, after: timedelta, state: str) -> None:
    person = await house.comes(HER)
    house.clock.at(acted(person) + after)
    await house.unasked(person, FAIR)
    await house.calm()
    assert (await house.states())[-1] == state
    assert tried(house, FAIR) == ([None] if state == "sent" else [])
    assert [got.way for got in person.messages if got.text == FAIR] == (["free"] if state == "sent" else [])
    house.fake.assert_clean()


@pytest.mark.parametrize(
    ("after", "told"),
    [(DAY - SECOND, Told.QUEUED), (DAY + SECOND, Told.WAITS)],
    ids=["23:59:59", "24:00:01"],
)
async def test_what_a_member_of_staff_types(house: House, after: timedelta, told: Told) -> None:
    person, scope = await house.comes(HER), await house.hires()
    house.clock.at(acted(person) + after)
    assert await house.replies(scope, person, DARA) is told
    await house.calm()
    assert tried(house, DARA) == ([None] if told is Told.QUEUED else [])
    by = await house.calls()
    assert [one > house.clock.now() for one in by if one] == ([] if told is Told.QUEUED else [True])
    house.fake.assert_clean()


async def test_what_waited_comes_once_behind_the_answer_to_the_next_message(house: House) -> None:
    person, scope = await house.comes(HER), await house.hires()
    house.clock.goes_on(2 * DAY)
    await house.unasked(person, FAIR)
    assert await house.replies(scope, person, DARA) is Told.WAITS
    await house.unasked(person, TOMORROW, lane=Lane.BROADCAST)
    await house.calm()
    before = len(person.messages)
    await person.say("ខ្ញុំនៅនេះ")
    await house.calm()
    answer, away, *waited = [got.text for got in person.messages[before:]]
    assert answer not in {FAIR, DARA, TOMORROW}, "first of all an answer to what they said"
    assert away == await house.words("bot.while-away")
    assert waited == [DARA, FAIR, TOMORROW]
    await person.say("អរគុណបង")
    await house.calm()
    assert [got.text for got in person.messages].count(DARA) == 1
    assert await house.calls() == [None], "nobody need call any more"
    house.fake.assert_clean()


async def test_a_reaction_is_contact_enough(house: House) -> None:
    person, scope = await house.comes(HER), await house.hires()
    house.clock.goes_on(2 * DAY)
    await house.replies(scope, person, DARA)
    await house.calm()
    before = len(person.messages)
    await person.react()
    await house.calm()
    assert [got.text for got in person.messages[before:]] == [await house.words("bot.while-away"), DARA]


async def test_reading_and_receiving_open_nothing(house: House) -> None:
    person = await house.comes(HER)
    house.clock.goes_on(2 * DAY)
    await house.unasked(person, FAIR)
    await house.calm()
    await person.read()
    await person.receive()
    await house.calm()
    assert (await house.states())[-1] == "held"
    assert await house.taken() == 1


async def test_an_approved_template_leaves_and_only_while_it_is_approved(house: House) -> None:
    fake, person = house.fake, await house.comes(HER)
    fake.grant(utility=True, human_agent=False)
    fake.world.verdict = "PENDING"
    utility.create(fake.world, SUBMITTED)
    await _probed(house)
    house.clock.goes_on(2 * DAY)
    ways = []
    for event in ("", "APPROVED", "PAUSED", "REJECTED"):
        if event:
            await fake.rule("fair_reminder_v1", "en", event)
        before = len(person.messages)
        await house.unasked(person, FAIR, template=REMINDER)
        await house.calm()
        ways.append([(got.way, got.text) for got in person.messages[before:]])
    said = "Reminder: Job fair is on Sunday. You registered for it."
    assert ways == [[], [("template", said)], [], []]
    assert tried(house, FAIR) == [], "never beside free words"
    fake.assert_clean()


async def test_inside_the_window_the_free_words_are_said(house: House) -> None:
    fake, person = house.fake, await house.comes(HER)
    fake.grant(utility=True, human_agent=True)
    utility.create(fake.world, SUBMITTED)
    await _probed(house)
    await house.unasked(person, FAIR, template=REMINDER)
    await house.calm()
    assert (person.last.way, person.last.text) == ("free", FAIR)


@pytest.mark.parametrize(
    ("after", "told"), [(7 * DAY - SECOND, Told.QUEUED), (7 * DAY + SECOND, Told.WAITS)], ids=["6 d", "7 d"]
)
async def test_human_agent_is_for_seven_days_and_for_words_of_staff(
    house: House, after: timedelta, told: Told
) -> None:
    person, scope = await house.comes(HER), await house.hires()
    house.fake.grant(utility=False, human_agent=True)
    await _probed(house)
    house.clock.at(acted(person) + after)
    await house.unasked(person, FAIR)
    assert await house.replies(scope, person, DARA) is told
    await house.calm()
    assert [got.way for got in person.messages if got.text == DARA] == (
        ["human"] if told is Told.QUEUED else []
    )
    assert tried(house, FAIR) == []
    tags = [sent["tag"] for sent in house.fake.sent(HER) if "tag" in sent]
    assert set(tags) <= {"HUMAN_AGENT"}
    house.fake.assert_clean()


async def test_the_platform_is_believed_when_it_says_10_2018278(house: House) -> None:
    """Our clock says that the window is open."""
    person = await house.comes(HER)
    person.shut()
    house.clock.goes_on(HOUR)
    await house.unasked(person, FAIR)
    await house.calm()
    await house.unasked(person, TOMORROW)
    await house.calm()
    assert (await house.states())[-2:] == ["held", "held"]
    assert (tried(house, FAIR), tried(house, TOMORROW)) == ([10], []), "it is asked once"
    assert await house.flag(person, "reachable"), "it is no fault of theirs"
    await person.say("អរគុណច្រើន")
    await house.calm()
    assert [got.text for got in person.messages[-2:]] == [FAIR, TOMORROW]
    house.fake.assert_clean()


@pytest.mark.parametrize("codes", [[10, None], [10]], ids=["granted", "not granted"])
async def test_words_of_staff_that_meet_it_take_the_way_that_is_left_or_become_a_call(
    house: House, codes: list[int | None]
) -> None:
    granted = codes[-1] is None
    person, scope = await house.comes(HER), await house.hires()
    house.fake.grant(utility=False, human_agent=granted)
    await _probed(house)
    person.shut()
    house.clock.goes_on(HOUR)
    assert await house.replies(scope, person, DARA) is Told.QUEUED
    await house.calm()
    assert tried(house, DARA) == codes
    assert [got.way for got in person.messages if got.text == DARA] == (["human"] if granted else [])
    assert bool([one for one in await house.calls() if one]) is not granted


async def test_who_wrote_is_asked_to_call_where_they_are_on_duty(fake: FakeGraph, tmp_path: Path) -> None:
    telegram, clock = await FakeTelegram(speed=100).start(), MovedClock()
    fake.world.clock = clock.now
    async with served(tmp_path, fake, clock, telegram) as house:
        person, scope, colleague = await house.comes(HER), await house.hires(), telegram.user(5_550_017)
        await house.on_duty("dara", colleague)
        clock.goes_on(2 * DAY)
        await house.replies(scope, person, DARA)
        held, went = await house.words("bot.reply-held"), await house.words("bot.reply-went")
        await telegram.until(lambda: _told(colleague, held) == 1, what="the task")
        await house.takes(scope, 1)
        await house.replies(scope, person, "សូមទាក់ទងមកខ្ញុំ")
        await person.say("អរគុណច្រើន")
        await telegram.until(lambda: _told(colleague, went) == 1, what="its end")
        assert _told(colleague, held) == 1, "one task, whatever waits"
        assert not _told(colleague, DARA)
    await telegram.stop()


def _told(colleague: FakeUser, words: str) -> int:
    return sum(words in message["text"] for message in colleague.messages)


async def _probed(house: House) -> None:
    """What `spean doctor`, and every start, asks the Page."""
    platforms = house.spean.platforms
    await platforms.make_ready(house.account, house.spean.database, "again", house.spean.words)
