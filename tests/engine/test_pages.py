"""Turning the pages of a long list: the question stays the same. Never tests how many stand on a page."""

import pytest

from bot.core.answers import Key, PlaceCode, Words
from bot.core.events import Tap
from tests.engine.shipped import Talk, agreed


def at_home() -> Talk:
    return agreed().press("mine", "none", "25-34")


def page(talk: Talk) -> int:
    (said,) = talk.said
    assert said.pager is not None
    return said.pager.page


def turn(talk: Talk, to: str) -> Talk:
    return talk.happen(Tap(f"{talk.session.turn}:~page{to}", message="b"))


def test_a_turned_page_is_the_same_question_and_its_buttons_still_answer() -> None:
    talk = at_home()
    asked, text = talk.session.turn, talk.said[0].text
    assert page(turn(talk, "2")) == 2
    assert (talk.session.turn, talk.said[0].text, talk.session.misses) == (asked, text, 0)
    talk.press("15")
    assert talk.answers["home", 0] == PlaceCode("15")
    assert page(talk) == 0


def test_pages_are_turned_by_words_too_and_back_to_the_first() -> None:
    talk = at_home()
    assert page(talk.type("➡ មើលបន្ត")) == 1
    assert page(talk.type("មើល បន្ត")) == 2
    assert page(talk.type("⬅ ទំព័រមុន")) == 0
    assert page(talk.type("ប៊ូតុងផ្សេង")) == 99


def test_another_button_or_unclear_words_show_the_first_page_again() -> None:
    talk = turn(at_home(), "99")
    assert page(talk.press("~why")) == 0
    assert page(turn(talk, "1").type("គ្មានកន្លែងនេះទេ")) == 0
    assert talk.session.misses == 1


@pytest.mark.parametrize("rubbish", ["", "x", "-1", "1x", "100", "១", "9" * 30])
def test_a_page_that_no_button_of_ours_names_is_none(rubbish: str) -> None:
    talk = turn(at_home(), rubbish)
    assert page(talk) == 0
    assert talk.node == "intake.home"


def test_ticks_stay_on_their_page() -> None:
    talk = at_home().press("15", "owed", "app", "yes", "yes", "now")
    assert talk.node == "owed.owed"
    assert page(turn(talk, "1").press("wages")) == 1


def test_free_words_turn_no_page() -> None:
    talk = agreed().press("~menu", "person", "pursat", "no")
    assert talk.node == "talk.about"
    talk.type("មើលបន្ត")
    assert talk.answers["talk_about", 0] == Words("មើលបន្ត")


def test_a_label_may_be_typed_in_short_and_without_the_spaces() -> None:
    talk = at_home().press("15").type("លុយ\u200bជំពាក់ នៅថៃ")
    assert talk.answers["need", 0] == Key("owed")
