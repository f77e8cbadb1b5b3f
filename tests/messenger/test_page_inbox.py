"""Staff answer in the platform's own inbox, and what we sent comes back to us: a whole Spean among both."""

import asyncio
from datetime import timedelta

from sqlalchemy import select

from storage.outbox import Lane
from storage.schema import outbox as parts
from tests.fakes.graph.person import FakePerson
from tests.messenger.house import House

HER, HIM = "7001700170017001", "7001700170017002"
FAIR = "ស្អែកមានពិព័រណ៍ការងារ"
DANGER = "ជួយខ្ញុំផង គេវាយខ្ញុំ"


async def reasons(house: House) -> list[tuple[str, str]]:
    """State and reason of the parts that did not simply arrive."""
    found = select(parts.c.state, parts.c.reason).where(parts.c.state != "sent").order_by(parts.c.id)
    return await house.read(lambda conn: [(one.state, one.reason) for one in conn.execute(found)])


async def silent(house: House, person: FakePerson, words: str = "សួស្តី") -> bool:
    """Whether they write and hear nothing."""
    before = len(person.messages)
    await person.say(words)
    await house.calm()
    return len(person.messages) == before


# --- staff in the Page's inbox ---


async def test_the_bot_is_silent_from_the_first_word_of_staff_until_a_day_after_the_last(
    house: House,
) -> None:
    person = await house.comes(HER)
    await person.staff_write("សួស្តីបង ខ្ញុំឈ្មោះសុខា")
    assert await silent(house, person, "ខ្ញុំចង់សួររឿងប្រាក់ខែ")
    house.clock.goes_on(timedelta(hours=23))
    await house.spean.tick()
    assert await silent(house, person)
    house.clock.goes_on(timedelta(hours=2))
    await house.spean.tick()
    assert not await silent(house, person)


async def test_the_thread_that_staff_take_comes_as_standby_until_they_leave_it(house: House) -> None:
    person = await house.comes(HER)
    await person.staff_take()
    assert await silent(house, person)
    assert await silent(house, person, "ឈប់")
    await person.staff_leave()
    assert not await silent(house, person)
    house.fake.assert_clean()


async def test_danger_is_heard_while_staff_write(house: House) -> None:
    person = await house.comes(HER)
    await person.staff_write("សួស្តីបង")
    assert not await silent(house, person, DANGER)


async def test_our_own_echoes_pause_nobody(house: House) -> None:
    person = await house.comes(HER)
    assert not await house.flag(person, "paused")
    assert any("is_echo" in str(post.body) for post in house.fake.hooks.posts)
    assert not await silent(house, person)


async def test_a_foreign_echo_pauses_one_person_only(house: House) -> None:
    her, him = await house.comes(HER), await house.comes(HIM)
    await her.staff_write("សួស្តីបង")
    assert (await house.flag(her, "paused"), await house.flag(him, "paused")) == (True, False)
    assert not await silent(house, him)


# --- an answer that was lost ---


async def test_an_echo_settles_a_reminder_whose_answer_was_lost(house: House) -> None:
    """It is never sent again: a reminder is at most once."""
    person = await house.comes(HER)
    house.fake.fault("cut", edge="messages", person=HER)
    await house.unasked(person, FAIR)
    await house.until(lambda conn: conn.scalars(select(parts.c.state)).all()[-1] == "sent", "the echo")
    assert [got.text for got in person.messages].count(FAIR) == 1


async def test_without_an_echo_it_stays_unknown_and_settles_when_one_comes(house: House) -> None:
    person = await house.comes(HER)
    house.fake.tells.receipts = False
    house.fake.fault("cut", edge="messages", person=HER)
    await house.unasked(person, FAIR, lane=Lane.BROADCAST)
    await house.calm()
    assert await reasons(house) == [("unknown", "answer-lost")]
    house.fake.tells.receipts = True
    house.fake.tells.report(HER, person.last)
    await house.calm()
    assert await reasons(house) == []
    assert [got.text for got in person.messages].count(FAIR) == 1


async def test_a_reply_whose_answer_was_lost_is_not_said_twice_once_its_echo_came(house: House) -> None:
    house.fake.fault("cut", edge="messages", person=HER)
    person = await house.comes(HER)
    assert set(await house.states()) == {"sent"}
    assert len(person.messages) == 1


async def test_a_reply_that_nobody_echoes_is_said_again(house: House) -> None:
    """At least once: who waits for an answer gets one, rather twice than never."""
    house.fake.tells.receipts = False
    house.fake.fault("cut", edge="messages", person=HER)
    person = await house.comes(HER)
    first, second = person.messages
    assert (first.text, first.metadata) == (second.text, second.metadata)
    assert await house.states() == ["sent"]


async def test_an_echo_of_somebody_elses_part_settles_nothing(house: House) -> None:
    her, him = await house.comes(HER), await house.comes(HIM)
    house.fake.tells.receipts = False
    house.fake.fault("cut", edge="messages", person=HER)
    await house.unasked(her, FAIR)
    await house.calm()
    assert her.last.text == FAIR
    house.fake.tells.receipts = True
    house.fake.tells.report(him.psid, her.last)  # the right name, at another address
    await house.calm()
    assert await reasons(house) == [("unknown", "answer-lost")]


# --- how webhooks come ---


async def test_duplicates_and_reordered_bodies_are_each_taken_once(house: House) -> None:
    person = await house.comes(HER)
    taken = await house.taken()
    house.fake.fault("duplicate", times=3)
    for words in ("មួយ", "ពីរ", "បី"):
        await person.say(words)
    house.fake.fault("reorder", person=HER)
    await person.say("បួន")
    await person.say("ប្រាំ")
    await house.calm()
    assert await house.taken() == taken + 5
    assert set(await house.states()) == {"sent"}
    assert len({got.metadata for got in person.messages}) == len(person.messages), "nothing was sent twice"


async def test_three_entries_of_one_body_are_three_transactions(house: House) -> None:
    people = [house.fake.person(f"{HER}{nth}") for nth in range(3)]
    async with house.fake.batch():
        for person in people:
            await person.say("សួស្តី")
    await asyncio.gather(*(person.heard() for person in people))
    await house.calm()
    assert await house.taken() == 3
    async with house.fake.batch():
        await people[0].press("ភាសាខ្មែរ")
        await people[0].say("១")
        await people[1].staff_write("សួស្តីបង")
        await people[2].react()
    await house.calm()
    assert [await house.flag(person, "paused") for person in people] == [False, True, False]
    assert await house.taken() == 7
    house.fake.assert_clean()
