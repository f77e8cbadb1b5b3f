"""A wrong answer made good: whoever was told it hears what is right, once, when it may be said."""

from pathlib import Path

import pytest
from sqlalchemy import Connection, update

from bot.core import effects as fx
from bot.core.answers import Key
from bot.core.session import Session, Submission
from storage import answers, people, staff
from storage.database import Database
from storage.schema import outbox
from storage.seal import Vault
from storage.staff import Grant
from tests.runner.asking import PAY, Asking
from tests.runner.office import Office
from tests.runner.page import opened

BOSS = "q20-owe-thai-boss"  # no legal one: asserted with nobody's review
NIGHT = 10  # hours from noon, 22:00 in Phnom Penh
MORNING = 9  # hours from then


@pytest.fixture
async def asking(office: Office) -> Asking:
    return Asking(office)


async def becomes(asking: Asking, state: str) -> None:
    """What was queued ended so."""

    def work(conn: Connection) -> None:
        conn.execute(update(outbox).values(state=state))

    await asking.office.database.run(work)


async def seen(asking: Asking, number: int) -> list[tuple[str, str, str]]:
    rows = await asking.office.database.read(lambda conn: answers.of_person(conn, number))
    return sorted((row.entry, row.version, row.saying) for row in rows)


async def take_back(asking: Asking, entry: str) -> None:
    now = asking.office.clock.at

    def work(conn: Connection) -> None:
        by = staff.add(conn, "vanna", [Grant("viewer")], now)
        answers.withdraw(conn, entry, None, by or 0, "", now)

    await asking.office.database.run(work)


# --- once, and what is right then ---


async def test_whoever_saw_the_wrong_words_is_told_once_what_is_right(asking: Asking) -> None:
    office = asking.office
    number = await asking.newcomer()
    await asking.sees(number, entry=BOSS)
    assert await asking.corrects(number, entry=BOSS) == "queued"
    assert await asking.corrects(number, entry=BOSS) == "queued already"
    await asking.ticks()
    (said,) = await office.outbox()
    live = await office.database.read(office.kit.library.live)
    entry = live.book.faq.entries[BOSS]
    assert said.part.text.startswith(await office.words("faq.corrected"))
    assert live.words.say(entry.question, "km") in said.part.text
    assert (await office.words(entry.answer)) in said.part.text
    assert await office.ask("SELECT cause FROM outbox") == [(f"corrected:{BOSS}:v1:{number}:1",)]
    assert await asking.left(entry=BOSS) == []
    await becomes(asking, "sent")
    assert await asking.corrects(number, entry=BOSS) == "told already"
    await asking.ticks(hours=1)
    assert len(await office.outbox()) == 1


async def test_what_a_correction_shows_can_be_corrected_too(asking: Asking) -> None:
    number = await asking.newcomer()
    await asking.sees(number, entry=BOSS)
    await asking.corrects(number, entry=BOSS)
    await asking.ticks()
    version = asking.shelf.live.faq.entries[BOSS].version
    assert await seen(asking, number) == sorted([(BOSS, "v1", "whole"), (BOSS, version, "whole")])
    assert await asking.left(version, BOSS) == [number]


async def test_what_is_said_is_what_is_right_when_it_leaves(asking: Asking) -> None:
    """Taken back in the night between: nothing of it is asserted in the morning."""
    office = asking.office
    number = await asking.newcomer()
    await asking.sees(number, entry=BOSS)
    office.clock.wait(hours=NIGHT)
    await asking.corrects(number, entry=BOSS)
    await take_back(asking, BOSS)
    await asking.ticks(hours=MORNING)
    (said,) = await office.outbox()
    assert (await office.words("faq.changed")) in said.part.text
    assert await seen(asking, number) == sorted(
        [(BOSS, "v1", "whole"), (BOSS, asking.shelf.live.faq.entries[BOSS].version, "sure")]
    )


async def test_what_is_right_by_now_is_no_correction(asking: Asking) -> None:
    number = await asking.newcomer()
    version = asking.shelf.live.faq.entries[BOSS].version
    await asking.sees(number, version, BOSS)
    assert await asking.corrects(number, version, BOSS) == "said today"
    await take_back(asking, BOSS)
    asking.office.clock.wait(hours=NIGHT)
    assert await asking.corrects(number, version, BOSS) == "queued"
    await asking.office.database.run(lambda conn: answers.restore(conn, BOSS))
    await asking.ticks(hours=MORNING)
    assert await asking.office.outbox() == []


# --- when ---


async def test_it_waits_for_the_end_of_the_quiet_hours(asking: Asking) -> None:
    office = asking.office
    number = await asking.newcomer()
    await asking.sees(number)
    office.clock.wait(hours=NIGHT)
    await asking.corrects(number)
    await asking.ticks(hours=MORNING, seconds=-1)
    assert await office.outbox() == []
    await asking.ticks(seconds=1)
    assert len(await office.outbox()) == 1


async def test_late_it_waits_for_another_morning(asking: Asking) -> None:
    """No process ticked all day."""
    office = asking.office
    number = await asking.newcomer()
    await asking.sees(number)
    await asking.corrects(number)
    await asking.ticks(hours=NIGHT)
    assert await office.outbox() == []
    assert await asking.corrects(number) == "queued already"
    await asking.ticks(hours=MORNING)
    assert len(await office.outbox()) == 1


# --- who is told, and who was ---


@pytest.mark.parametrize("state", ["cancelled", "failed", "expired"])
async def test_who_was_not_told_after_all_can_be_told_again(asking: Asking, state: str) -> None:
    number = await asking.newcomer()
    await asking.sees(number)
    await asking.corrects(number)
    await asking.ticks()
    await becomes(asking, state)
    assert await asking.left() == [number]
    assert await asking.corrects(number) == "queued"
    await asking.ticks()
    assert await asking.office.states() == [state, "queued"]
    assert await asking.office.ask("SELECT cause FROM outbox ORDER BY id") == [
        (f"corrected:{PAY}:v1:{number}:{at}",) for at in (1, 2)
    ]
    assert await asking.left() == []


@pytest.mark.parametrize(
    ("flag", "outcome"), [("stopped", "stopped"), ("hidden", "hid the chat"), ("resting", "in danger")]
)
async def test_who_wants_to_hear_nothing_is_not_written_to(
    asking: Asking, flag: people.Flag, outcome: str
) -> None:
    number = await asking.newcomer()
    await asking.sees(number)
    now = asking.office.clock.at
    await asking.office.database.run(lambda conn: people.set_flag(conn, number, flag, on=True, now=now))
    assert await asking.corrects(number) == outcome
    await asking.ticks(hours=1)
    assert await asking.office.outbox() == []
    assert await asking.left() == [number]


async def test_who_refused_messages_or_shares_the_phone_is_not_written_to(asking: Asking) -> None:
    refused = await asking.newcomer("1")
    await asking.does(refused, fx.ConsentGiven("messages", granted=False, text="news.wanted", release="r"))
    shares = await asking.newcomer("2")
    careful = Submission(1, "intake", opened=True, answers={("phone_sharing", 0): Key("not-safe")})
    await asking.stand(shares, Session(submissions=(careful,)))
    await asking.does(shares)
    assert await asking.corrects(refused) == "said no to messages"
    assert await asking.corrects(shares) == "others see"


async def test_a_stop_in_the_night_takes_it_back_and_whoever_starts_again_is_told(asking: Asking) -> None:
    number = await asking.newcomer()
    await asking.sees(number)
    asking.office.clock.wait(hours=NIGHT)
    assert await asking.corrects(number) == "queued"
    await asking.does(number, fx.StopChosen(stopped=True))
    await asking.ticks(hours=MORNING)
    assert await asking.office.outbox() == []
    assert await asking.left() == [number]
    await asking.does(number, fx.StopChosen(stopped=False))
    assert await asking.corrects(number) == "queued"
    await asking.ticks()
    assert len(await asking.office.outbox()) == 1


@pytest.mark.parametrize("late", [False, True])
async def test_to_the_discreet_it_tells_nothing_but_to_ask_again(asking: Asking, *, late: bool) -> None:
    """Also to who becomes so while it waits for the morning."""
    number = await asking.newcomer()
    await asking.sees(number, entry=BOSS)
    asking.office.clock.wait(hours=NIGHT)
    if not late:
        await asking.does(number, fx.DiscretionChosen(discreet=True))
    assert await asking.corrects(number, entry=BOSS) == "queued"
    if late:
        await asking.does(number, fx.DiscretionChosen(discreet=True))
    await asking.ticks(hours=MORNING)
    (said,) = await asking.office.outbox()
    assert said.part.text == await asking.office.words("faq.corrected-discreet")
    assert await seen(asking, number) == [(BOSS, "v1", "whole")], "they were shown no words of today"


async def test_who_saw_only_what_is_sure_was_told_nothing_wrong(asking: Asking) -> None:
    first, second = [await asking.newcomer(who) for who in ("1", "2")]
    await asking.sees(first, saying="sure")
    await asking.sees(second, saying="draft")
    await asking.sees(second, saying="sure")
    assert await asking.left() == [second]


async def test_where_the_platform_is_shut_it_waits_until_they_write(
    database: Database, vault: Vault, tmp_path: Path
) -> None:
    page = await opened(database, vault, tmp_path)
    asking, number = Asking(page.office), await page.office.contact()
    assert number is not None
    await asking.sees(number)
    page.clock.wait(hours=24)
    assert await asking.corrects(number) == "queued until they write"
    await asking.ticks()
    await page.settled()
    assert (await page.office.outbox())[-1].state == "held"
    assert await asking.corrects(number) == "queued already"
    await page.office.close()


async def test_somebody_new_at_the_phone_hears_nothing_of_what_they_did_not_read(asking: Asking) -> None:
    """Who left nothing is taken for the next new person."""
    number = await asking.newcomer()
    await asking.sees(number)
    asking.office.clock.wait(hours=NIGHT)
    await asking.corrects(number)
    await asking.office.database.run(lambda conn: answers.forget(conn, number))
    await asking.ticks(hours=MORNING)
    assert await asking.office.outbox() == []


async def test_of_somebody_erased_nobody_is_told(asking: Asking) -> None:
    assert await asking.corrects(4711) == "erased"
