"""Something unasked reached a person amid a dialog: the question that waits is asked again below it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.events import Interrupted
from tests.engine.shipped import Talk, agreed


def interrupted(talk: Talk) -> Talk:
    return talk.happen(Interrupted(talk.session.turn))


def test_the_question_is_asked_again_with_the_same_buttons_and_waits_no_longer() -> None:
    talk = agreed()
    asked, before = talk.said[-1], talk.session
    talk.now += timedelta(hours=3)
    interrupted(talk)
    assert talk.said == [asked]
    assert talk.session == before
    talk.tap(asked.buttons[0].text)
    assert talk.node != before.frames[-1].node


def test_who_was_reminded_of_it_already_is_not_reminded_a_second_time_for_that() -> None:
    talk = agreed()
    talk.session = replace(talk.session, nudged=True)
    before = talk.session
    assert interrupted(talk).session == before


@pytest.mark.parametrize(
    "words",
    ["ម៉ឺនុយ", "ជួយខ្ញុំផង គេចង់សម្លាប់ខ្ញុំ"],
    ids=["a menu", "a private dialog"],
)
def test_a_menu_and_a_private_dialog_are_left_alone(words: str) -> None:
    talk = agreed().type(words)
    before = talk.session
    interrupted(talk)
    assert talk.said == []
    assert talk.session == before


@pytest.mark.parametrize("flag", ["stopped", "hidden", "resting", "discreet", "handled_by_staff"])
def test_nobody_is_asked_who_may_not_be_or_whose_phone_others_read(flag: str) -> None:
    talk = agreed()
    talk.contact = replace(talk.contact, **{flag: True})
    before = talk.session
    interrupted(talk)
    assert talk.said == []
    assert talk.session == before


def test_after_hours_of_silence_nobody_knows_who_reads_and_nothing_is_asked() -> None:
    talk = agreed().press("mine")
    talk.now += timedelta(hours=13)
    interrupted(talk)
    assert talk.said == []


def test_a_question_whose_waiting_is_over_rests() -> None:
    talk = agreed()
    talk.session = replace(talk.session, wake_at=None, nudged=True)
    interrupted(talk)
    assert talk.said == []


def test_an_answer_that_came_first_wins() -> None:
    talk = agreed()
    turn = talk.session.turn
    talk.tap(talk.buttons[0].text)
    before = talk.session
    talk.happen(Interrupted(turn))
    assert talk.said == []
    assert talk.session == before
