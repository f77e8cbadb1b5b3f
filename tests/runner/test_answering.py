"""What follows from answers: who saw which, what nothing answers, and what staff hear of their time."""

from dataclasses import replace
from datetime import datetime, timedelta

import orjson
import pytest
from sqlalchemy import Connection, select

from bot.core import effects as fx
from bot.core.answers import Words, dump
from bot.core.book import Shelf
from bot.core.session import Frame, Session
from bot.runner import expiring, mydata
from storage import answers, people, staff, submissions
from storage.schema import metadata
from storage.staff import Grant
from tests.runner.asking import AT_HOME, PAY, Asking
from tests.runner.house import House
from tests.runner.office import Office
from tests.runner.test_shared_phone import to_someone_else

TRACES = {
    "sqlite": "SELECT 0, mark FROM question_missed",
    "postgresql": "SELECT xmin::text, mark FROM question_missed",
}
FORCED = "q64-cheated-forced"  # of the topic safety
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


async def test_the_names_of_who_shares_the_phone_are_taken_out_too(asking: Asking) -> None:
    """What they gave in conversations of their own."""
    office = asking.office
    await office.begin()
    first = await office.contact()
    await to_someone_else(office)
    second = await office.contact()
    assert first is not None
    assert second not in {None, first}

    def names(conn: Connection) -> None:
        person = asking.person(conn, first)
        submissions.open_(conn, person, 9, "intake", "r1", office.clock.at)
        name = orjson.dumps(dump(Words("Bopha")))
        how = {"sensitivity": "S1", "coarse": None, "node": "about-you.name", "now": office.clock.at}
        submissions.save_answer(conn, person, 9, "name", 0, name, **how)

    await office.database.run(names)
    await asking.does(second or 0, fx.QuestionMissed("តើ bopha អាចសួរបានទេ"))
    assert [one.words for one in await asking.missed()] == ["តើ *** អាចសួរបានទេ"]


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


async def test_each_hour_they_are_mixed(asking: Asking) -> None:
    """On PostgreSQL a row tells by which transaction it came: that of the step of who asked."""
    number = await asking.newcomer()
    for at in range(4):
        await asking.does(number, fx.QuestionMissed(f"{'ab'[at % 2]} {QUESTION}"))
    await asking.ticks()
    kept = await asking.office.ask(TRACES[asking.office.database.dialect])
    assert len(kept) == 4
    assert len({written for written, _ in kept}) == 1
    assert [bytes(mark) for _, mark in kept] == sorted(bytes(mark) for _, mark in kept)


# --- who saw what ---


async def test_who_saw_an_answer_is_known_and_whether_it_helped(asking: Asking) -> None:
    number = await asking.newcomer()
    await asking.sees(number)
    await asking.does(number, fx.AnswerJudged(PAY, helped=False))
    (row,) = await asking.office.database.read(lambda conn: answers.of_person(conn, number))
    assert (row.entry, row.version, row.saying, row.helped) == (PAY, "v1", "whole", False)


async def test_who_asked_about_their_safety_is_written_down_nowhere(asking: Asking) -> None:
    number = await asking.newcomer()
    await asking.sees(number, entry=FORCED)
    await asking.does(number, fx.AnswerJudged(FORCED, helped=True))
    assert await asking.office.many("answer_shown") == 0
    person = await asking.office.database.run(lambda conn: asking.person(conn, number))
    told = await asking.office.database.read(lambda conn: mydata.export(conn, asking.office.vault, person))
    assert told["answers_shown"] == []


@pytest.mark.parametrize(
    "draft",
    [
        ("suggest", "x", PAY, FORCED),
        ("answer", FORCED),
        ("sorry", FORCED),
        ("topic", "safety"),
    ],
)
async def test_nor_is_what_they_ask_where_it_is_about_that(asking: Asking, draft: tuple[str, ...]) -> None:
    number = await asking.newcomer()
    live = await asking.office.database.read(asking.office.kit.library.live)
    for page, kept in ((draft, 0), (("suggest", "x", PAY), 1)):
        await asking.stand(number, Session((Frame(live.digest, "faq", "ask", draft=page),)))
        await asking.does(number, fx.QuestionMissed(QUESTION))
        assert len(await asking.missed()) == kept


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
