"""Danger, need and death on their way: what the words open, in the middle of whatever."""

from dataclasses import replace

import pytest

from bot.core import effects as fx
from bot.core.book import Book
from bot.core.contact import Contact
from bot.core.decisions import Open, ToQuestion, ToStaff
from bot.core.events import Address, Body, Command, Event, Media, Start, Text
from bot.core.route import dangerous, route
from bot.core.session import Frame, Session, Submission
from tests.engine.shipped import NOON, Talk, release

BEATEN, HUNGRY, DIED = "ថៅកែវាយខ្ញុំរាល់ថ្ងៃ", "យើងអត់មានបាយហូបពីរថ្ងៃហើយ", "ប្តីខ្ញុំស្លាប់នៅថៃ"
HER = Contact(1, "km", language_chosen=True)
AGREED = replace(HER, consents=frozenset({"help"}))


def book() -> Book:
    return release().book


def at(dialog: str, node: str) -> Session:
    number = None if dialog == "menu" else 1
    submissions = () if dialog == "menu" else (Submission(1, "intake", "self", opened=True),)
    frame = Frame(release().digest, dialog, node, number, asked=True)
    return Session(frames=(frame,), submissions=submissions, turn=7)


def event(body: Body) -> Event:
    return Event("e", Address("telegram:1", "5"), NOON, body)


FREE, CHOICES, MENU = at("talk", "about"), at("intake", "age"), at("menu", "home")
ANYWHERE = [FREE, CHOICES, MENU, Session(), replace(CHOICES, locked=True), replace(MENU, burst_count=50)]


@pytest.mark.parametrize("session", ANYWHERE)
@pytest.mark.parametrize(
    "body",
    [Text(BEATEN), Media("image", "r", caption=BEATEN), Command("help", BEATEN), Start(BEATEN)],
)
@pytest.mark.parametrize("contact", [HER, replace(HER, handled_by_staff=True)])
def test_danger_is_heard_in_the_middle_of_anything(session: Session, body: Body, contact: Contact) -> None:
    assert route(book(), contact, session, event(body)) == Open("danger", private=True)
    assert dangerous(book(), event(body))


def test_need_is_noted_after_a_free_answer_and_before_a_choice_that_does_not_know_it() -> None:
    words = event(Text(HUNGRY))
    assert route(book(), HER, FREE, words) == ToQuestion(then="need")
    assert route(book(), HER, CHOICES, words) == ToQuestion("need")
    assert route(book(), HER, Session(), words) == Open("need", private=False)
    assert route(book(), replace(HER, handled_by_staff=True), CHOICES, words) == ToStaff()
    assert not dangerous(book(), words)


def test_a_death_is_no_danger() -> None:
    assert route(book(), HER, MENU, event(Text(DIED))) == ToQuestion("condolence")
    assert not dangerous(book(), event(Text(DIED)))


def test_a_choice_typed_as_it_is_written_is_only_that_choice() -> None:
    unsafe = event(Text("មិនសុវត្ថិភាព"))
    assert route(book(), HER, at("intake", "phone-sharing"), unsafe) == ToQuestion()
    assert route(book(), HER, FREE, unsafe) == Open("danger", private=True)


@pytest.mark.parametrize("words", ["កន្លែងខ្ញុំ", "កន្លែងខ្ញុំនៅ", "នៅ កន្លែងខ្ញុំ", "ជិតកន្លែងខ្ញុំ", "ឃុំខ្ញុំ"])
@pytest.mark.parametrize("session", ANYWHERE[:4])
def test_my_place_is_known_words_and_no_danger(session: Session, words: str) -> None:
    assert not dangerous(book(), event(Text(words)))
    assert route(book(), HER, session, event(Text(words))) != Open("danger", private=True)


@pytest.mark.parametrize("words", ["គេដឹងកន្លែងខ្ញុំ", "វាដឹងកន្លែងខ្ញុំនៅ"])
def test_they_know_my_place_is_danger(words: str) -> None:
    assert dangerous(book(), event(Text(words)))


@pytest.mark.parametrize(
    "words", ["ខ្ញុំចង់ធ្វើអត្តឃាត", "អត្តឃាត", "ចង់ធ្វើអត្ថឃាត", "គិតធ្វើ\u200bអត្តឃាតរាល់យប់", "ប្អូនខ្ញុំចង់ធ្វើអត្តឃាត ជួយផង"]
)
def test_suicide_in_the_spelling_of_the_dictionary_is_danger(words: str) -> None:
    assert route(book(), HER, FREE, event(Text(words))) == Open("danger", private=True)


def test_words_of_danger_are_dropped_and_the_question_comes_back() -> None:
    talk = Talk(contact=HER, session=at("menu", "home"))
    talk.type(BEATEN)
    assert fx.DropWords(safety=True) in talk.effects
    opened = [one for one in talk.effects if isinstance(one, fx.CaseOpened)]
    assert [(one.kind, one.restricted) for one in opened] == [("danger", True)]
    assert talk.node.startswith("danger.")
    talk.press("safe")
    assert talk.node == "menu.home"


def test_words_of_need_are_kept_and_the_question_comes_again() -> None:
    talk = Talk(contact=AGREED, session=at("menu", "home"))
    talk.type(HUNGRY)
    assert fx.DropWords() not in talk.effects
    assert urgent_cases(talk) == ["need"]
    assert talk.node == "menu.home"


def test_need_in_a_free_answer_is_kept_as_the_answer_and_noted() -> None:
    talk = Talk(contact=AGREED, session=FREE)
    talk.type(HUNGRY)
    assert [one.field for one in talk.effects if isinstance(one, fx.SaveAnswer)] == ["talk_about"]
    assert urgent_cases(talk) == ["need"]
    assert talk.node != "talk.about"


def test_without_consent_need_opens_no_case() -> None:
    talk = Talk(contact=HER, session=at("menu", "home"))
    talk.type(HUNGRY)
    assert urgent_cases(talk) == []
    assert talk.said


def urgent_cases(talk: Talk) -> list[str]:
    return [one.kind for one in talk.effects if isinstance(one, fx.CaseOpened) and one.urgent]
