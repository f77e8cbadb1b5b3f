"""What follows from answers: who saw which, what nothing answers, and a wrong one made good."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Connection, select

from bot.core import effects as fx
from bot.core.answers import Key
from bot.core.book import Shelf
from bot.core.session import Session, Submission
from bot.runner import expiring
from storage import answers, people, staff
from storage.schema import metadata
from storage.staff import Grant
from tests.runner.asking import AT_HOME, PAY, Asking
from tests.runner.house import House
from tests.runner.office import Office

QUESTION = "ខ្ញុំសុខដារ៉ា លេខ ០១២ ៣៤៥ ៦៧៨ ចង់ធ្វើប័ណ្ណបើកបរនៅឆ្នាំ 2027 សួរ dara ទៀត"


@pytest.fixture
async def asking(office: Office) -> Asking:
    return Asking(office)


# --- what nothing answers ---


async def test_a_question_that_nothing_answers_is_kept_without_whose_it_is(asking: Asking) -> None:
    now = asking.office.clock.at
    await asking.office.database.run(lambda conn: staff.add(conn, "dara", [Grant("viewer")], now))
    number = await asking.newcomer(answers=AT_HOME)
    await asking.does(number, fx.QuestionMissed(QUESTION), words=QUESTION)
    (kept,) = await asking.missed()
    assert (kept.centre, kept.language, kept.day) == ("pursat", "km", now.date())
    assert kept.words == "ខ្ញុំ*** លេខ *** ចង់ធ្វើប័ណ្ណបើកបរនៅឆ្នាំ #### សួរ *** ទៀត"


async def test_no_row_leads_from_the_question_to_the_person_nor_back(asking: Asking) -> None:
    number = await asking.newcomer(answers=AT_HOME)
    await asking.does(number, fx.QuestionMissed(QUESTION), words=QUESTION)

    def look(conn: Connection) -> tuple[dict[str, object], list[object]]:
        missed = metadata.tables["question_missed"]
        row = dict(conn.execute(select(missed)).mappings().one())
        others = [
            cell
            for table in metadata.sorted_tables
            if table is not missed
            for line in conn.execute(select(table)).mappings()
            for cell in line.values()
        ]
        return row, others

    row, others = await asking.office.database.read(look)
    assert set(row) == {"mark", "words", "centre", "day", "language"}
    assert not any(isinstance(cell, datetime) for cell in row.values())
    sealed = [bytes(cell) for cell in others if isinstance(cell, bytes | memoryview)]
    for cell in (row["mark"], row["words"]):
        assert isinstance(cell, bytes)
        assert not any(cell in other or cell.hex().encode() in other for other in sealed)
    person = await asking.office.database.run(lambda conn: asking.person(conn, number))
    assert not person.key.sealed(bytes(row["words"]))  # type: ignore[arg-type]


@pytest.mark.parametrize("effect", [fx.QuestionMissed(QUESTION), fx.AnswerShown(PAY, "v1", "whole")])
async def test_nothing_is_kept_of_what_is_said_in_private_or_in_danger(
    asking: Asking, effect: fx.Effect
) -> None:
    number = await asking.newcomer()
    await asking.does(number, effect, private=True)
    await asking.does(number, fx.DropWords(safety=True), effect)
    assert await asking.missed() == []
    assert await asking.office.many("answer_shown") == 0


async def test_what_staff_try_out_is_no_question_of_a_person(asking: Asking) -> None:
    number = await asking.newcomer()
    await asking.office.database.run(
        lambda conn: people.set_flag(conn, number, "staff", on=True, now=asking.office.clock.at)
    )
    await asking.does(number, fx.QuestionMissed(QUESTION))
    assert await asking.missed() == []


# --- who saw what ---


async def test_who_saw_an_answer_is_known_and_whether_it_helped(asking: Asking) -> None:
    number = await asking.newcomer()
    await asking.sees(number)
    await asking.does(number, fx.AnswerJudged(PAY, helped=False))
    (row,) = await asking.office.database.read(lambda conn: answers.of_person(conn, number))
    assert (row.entry, row.version, row.saying, row.helped) == (PAY, "v1", "whole", False)


async def test_what_staff_took_back_is_known_in_the_same_transaction(asking: Asking) -> None:
    office, now = asking.office, asking.office.clock.at

    def work(conn: Connection) -> tuple[Shelf, Shelf]:
        live, library = office.kit.library.live(conn), office.kit.library
        before = library.shelf(conn, live, ())
        by = staff.add(conn, "dara", [Grant("viewer")], now)
        answers.withdraw(conn, PAY, None, by or 0, "", now)
        return before, library.shelf(conn, live, (), sample=True)

    before, after = await office.database.run(work)
    assert (before.withdrawn, before.sample) == (frozenset(), False)
    assert (after.withdrawn, after.sample) == (frozenset({PAY}), True)


# --- a wrong one made good ---


async def test_whoever_saw_the_wrong_words_is_told_once_what_is_right(asking: Asking) -> None:
    office = asking.office
    number = await asking.newcomer()
    await asking.sees(number)
    assert await asking.corrects(number) == "queued"
    (said,) = await office.outbox()
    live = await office.database.read(office.kit.library.live)
    assert said.part.text.startswith(await office.words("faq.corrected"))
    assert live.words.say(f"faq-pay.{PAY}.question", "km") in said.part.text
    assert (await office.words(f"faq-pay.{PAY}.answer")) in said.part.text
    assert await office.ask("SELECT cause FROM outbox") == [(f"corrected:{PAY}:v1:{number}",)]
    await asking.corrects(number)
    assert len(await office.outbox()) == 1
    left = await office.database.read(lambda conn: answers.seen_by(conn, PAY, "v1", uncorrected=True))
    assert left == []


async def test_it_waits_for_the_end_of_the_quiet_hours(asking: Asking) -> None:
    office = asking.office
    number = await asking.newcomer()
    await asking.sees(number)
    office.clock.wait(hours=10)  # 22:00 in Phnom Penh
    await asking.corrects(number)
    (said,) = await office.outbox()
    assert said.not_before == office.clock.at + timedelta(hours=9)


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
    assert await asking.office.outbox() == []
    left = await asking.office.database.read(lambda conn: answers.seen_by(conn, PAY, "v1", uncorrected=True))
    assert left == [number]


async def test_who_refused_messages_or_shares_the_phone_is_not_written_to(asking: Asking) -> None:
    refused = await asking.newcomer("1")
    await asking.does(refused, fx.ConsentGiven("messages", granted=False, text="news.wanted", release="r"))
    careful = Submission(1, "intake", opened=True, answers={("phone_sharing", 0): Key("not-safe")})
    shares = await asking.newcomer("2")
    await asking.stand(shares, Session(submissions=(careful,)))
    assert await asking.corrects(refused) == "said no to messages"
    assert await asking.corrects(shares) == "others see"


async def test_to_the_discreet_it_tells_nothing_but_to_ask_again(asking: Asking) -> None:
    number = await asking.newcomer()
    await asking.does(number, fx.DiscretionChosen(discreet=True))
    await asking.sees(number)
    assert await asking.corrects(number) == "queued"
    (said,) = await asking.office.outbox()
    assert said.part.text == await asking.office.words("faq.corrected-discreet")


async def test_a_stop_takes_back_what_still_waits_for_the_morning(asking: Asking) -> None:
    number = await asking.newcomer()
    await asking.sees(number)
    asking.office.clock.wait(hours=10)
    await asking.corrects(number)
    await asking.does(number, fx.StopChosen(stopped=True))
    assert await asking.office.states() == ["cancelled"]


async def test_of_somebody_erased_nobody_is_told(asking: Asking) -> None:
    assert await asking.corrects(4711) == "erased"


# --- time that runs out ---


async def test_administrators_hear_once_of_each_answer_whose_time_runs_out(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    office, asking = house.office, Asking(house.office)
    shelf = asking.runs_out(timedelta(days=30))
    live = office.database.read_now(office.kit.library.live)
    monkeypatch.setattr(type(office.kit.library), "live", lambda *_: replace(live, book=shelf.live))

    async def tick() -> int:
        office.clock.wait(hours=1)
        at = office.clock.at
        return await office.database.run(lambda conn: expiring.warn(conn, office.kit, at))

    assert await tick() == 0, "nobody is on duty: it waits"
    await house.joins("chief", "504", Grant("admin"))
    await house.joins("dara", "501", Grant("caseworker"))
    assert [await tick() for _ in range(3)] == [1, 0, 0]
    chief = [one for one in await office.outbox("504") if PAY in one.part.text]
    assert len(chief) == 1
    assert not any(PAY in one.part.text for one in await office.outbox("501"))
