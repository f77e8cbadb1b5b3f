"""Questions answered by heart: whole, as a draft or only what is sure; what waits goes on waiting."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.core import effects as fx
from bot.core import engine
from bot.core.book import Shelf
from bot.core.contact import Address
from bot.core.events import Event, Text
from bot.core.faq import Entry, Reviewer, changed, saying
from bot.core.khmer.questions import asks
from tests.engine.shipped import NOON, Talk, agreed, release

FAQ = release().book.faq
OWED = FAQ.entries["q01-wages-owed"]
TODAY = NOON.date()
REVIEWED = Reviewer("Sok Dara", "legal aid", date(2026, 11, 20))


def say(message_id: str) -> str:
    return release().words.say(message_id, "km")


def at_menu() -> Talk:
    return agreed().press("~menu")


def asked(entry: Entry) -> str:
    """The first way in which people ask it."""
    return entry.phrasings[0]


@pytest.mark.parametrize(
    ("reviewed", "withdrawn", "sample", "day", "said"),
    [
        (None, False, True, TODAY, "draft"),
        (None, False, False, TODAY, "sure"),
        (REVIEWED, False, False, TODAY, "whole"),
        (REVIEWED, True, False, TODAY, "sure"),
        (REVIEWED, False, False, FAQ.until(OWED), "sure"),
        (REVIEWED, False, False, FAQ.until(OWED) - timedelta(days=1), "whole"),
    ],
)
def test_a_legal_answer_is_asserted_only_while_somebody_answers_for_it(
    *, reviewed: Reviewer | None, withdrawn: bool, sample: bool, day: date, said: str
) -> None:
    entry = replace(OWED, reviewed_by=reviewed)
    taken_back = frozenset({entry.id}) if withdrawn else frozenset()
    assert saying(FAQ, entry, day, taken_back, sample=sample) == said
    assert changed(FAQ, entry, day, taken_back) == (withdrawn or day == FAQ.until(OWED))


def test_what_is_practical_needs_no_reviewer() -> None:
    practical = next(one for one in FAQ.entries.values() if one.kind == "practical")
    assert saying(FAQ, practical, TODAY, frozenset(), sample=False) == "whole"


def test_a_fact_that_has_run_out_takes_its_answers_with_it() -> None:
    fact = next(name for name in OWED.names if name in FAQ.facts)
    facts = {**FAQ.facts, fact: replace(FAQ.facts[fact], expires=TODAY)}
    assert saying(replace(FAQ, facts=facts), OWED, TODAY, frozenset(), sample=True) == "sure"


def test_every_answer_can_be_said_in_both_languages_and_names_no_digit_of_its_own() -> None:
    for entry in FAQ.entries.values():
        for language in ("km", "en"):
            for message in (entry.question, entry.answer, entry.sure):
                assert release().words.say(message, language)
            assert len(release().words.say(entry.sure, language)) <= 300
            assert not any(one.isdigit() for one in release().words.say(entry.answer, language)), entry.id


def test_nothing_that_is_said_of_an_entry_is_said_unless_it_may_be() -> None:
    talk = at_menu()
    event = Event("q", Address("telegram:1", "5"), talk.now, Text(asked(OWED), message="q"))
    live = Shelf(release().book, {release().digest: release().book})
    turn = engine.advance(live, talk.contact, talk.session, event, talk.now)
    shown = [one for one in turn.effects if isinstance(one, fx.AnswerShown)]
    assert shown == [fx.AnswerShown(OWED.id, OWED.version, "sure")]
    said = [line.id for one in turn.effects if isinstance(one, fx.Send) for line in one.message.lines]
    assert OWED.sure in said
    assert OWED.answer not in said


def test_every_button_of_every_topic_leads_to_its_answer() -> None:
    for topic in {entry.topic for entry in FAQ.entries.values()}:
        for entry in FAQ.of(topic):
            talk = at_menu().press("ask", f"t-{topic}", entry.id)
            shown = next(one for one in talk.effects if isinstance(one, fx.AnswerShown))
            assert (shown.entry, shown.version) == (entry.id, entry.version)
            assert shown.saying == ("sure" if entry.kind == "legal" else "whole")
            talk.press("not-helped")
            assert fx.AnswerJudged(entry.id, helped=False) in talk.effects
            assert talk.press("topics").said[-1].text == say("faq.ask")


@pytest.mark.parametrize("key", ["person", "claim", "intake"])
def test_an_answer_leads_on(key: str) -> None:
    entry = next(one for one in FAQ.entries.values() if key in one.follow_ups)
    talk = at_menu().press("ask", f"t-{entry.topic}", entry.id, f"lead-{key}")
    assert all(frame.dialog != "faq" for frame in talk.session.frames)


def test_a_question_in_the_middle_is_answered_once_and_the_waiting_question_is_the_same() -> None:
    talk = agreed()
    before, question = talk.session.frames, talk.said[-1]
    talk.type(asked(OWED))
    assert len(talk.said) == 2
    assert say(OWED.sure) in talk.said[0].text
    assert talk.said[1] == question
    assert talk.session.frames == before


def test_an_answer_written_on_a_page_of_suggestions_answers_the_question_below() -> None:
    talk = agreed().press("mine", "none")
    talk.type("តើ luy thaoke")
    assert talk.node == "faq.ask"
    talk.type("៣០")
    assert talk.node == "intake.home"


def test_what_nobody_knows_is_said_and_staff_learn_the_question() -> None:
    talk = at_menu().type("ព្រះច័ន្ទឆ្ងាយពីផែនដីប៉ុន្មានគីឡូម៉ែត្រ")
    assert fx.QuestionMissed("ព្រះច័ន្ទឆ្ងាយពីផែនដីប៉ុន្មានគីឡូម៉ែត្រ") in talk.effects
    assert say("faq.unknown") in talk.said[-1].text


def test_none_of_these_is_a_question_that_was_missed() -> None:
    talk = at_menu().type("luy thaoke")
    assert say("faq.suggest") in talk.said[-1].text
    talk.press("none")
    assert fx.QuestionMissed("luy thaoke") in talk.effects


def test_words_of_a_private_dialog_are_no_question() -> None:
    talk = at_menu().type("តវ៉ា")
    for _ in range(3):
        talk.type(asked(OWED))
        assert not any(isinstance(one, fx.AnswerShown | fx.QuestionMissed) for one in talk.effects)


@pytest.mark.parametrize("words", ["សុខ", "ស្រីមុំ", "Chan Dara", "ខ្ញុំឈ្មោះវណ្ណា", "លី"])
def test_a_name_is_never_taken_for_a_question(words: str) -> None:
    talk = agreed()
    *below, frame = talk.session.frames
    there = replace(frame, dialog="about-you", node="name", asked=True)
    talk.session = replace(talk.session, frames=(*below, there))
    talk.type(words)
    assert not any(isinstance(one, fx.AnswerShown | fx.QuestionMissed) for one in talk.effects)


@pytest.mark.parametrize(
    ("words", "question"),
    [
        ("តើខ្ញុំទារលុយបានទេ", True),
        ("ទៅណា", True),
        ("ធ្វើម៉េច", True),
        ("ban te", True),
        ("how do I get paid", True),
        ("ทำยังไง", True),
        ("ខ្ញុំមិនបានលុយទេ", False),
        ("ខ្ញុំនៅពោធិ៍សាត់", False),
        ("អត់មានទេ", False),
        ("I worked in Rayong", False),
        ("", False),
        ("???", False),
        ("ទេ", False),
        ("អត់ទេ", False),
    ],
)
def test_a_statement_is_told_from_a_question(*, words: str, question: bool) -> None:
    assert asks(words) is question
