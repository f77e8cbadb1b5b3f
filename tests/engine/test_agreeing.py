"""Agreeing, declining and being safe in one's own words; what only resembles them does nothing."""

import pytest

from bot.core.contact import Contact
from bot.core.dialog import ChoiceNode
from bot.core.events import Start
from tests.engine.shipped import Talk, agreed, release


def asked() -> Talk:
    """At the question of consent."""
    return Talk(contact=Contact(1, "km")).happen(Start()).press("km", "read")


def in_alarm() -> Talk:
    talk = agreed().type("គាត់វាយខ្ញុំ")
    assert talk.node == "danger.lines"
    return talk


@pytest.mark.parametrize(
    "words", ["បាទ យល់ព្រម", "ចាស យល់ព្រម", "យល់ព្រមហើយ", "bat yol prom", "khnhom yol prom", "I agree", "ok"]
)
def test_whoever_says_so_agrees(words: str) -> None:
    assert "help" in asked().type(words).contact.consents


@pytest.mark.parametrize(
    "words",
    [
        *("អត់ទេ", "ទេ មិនយល់ព្រមទេ", "ot prom te", "no thanks", "min yol prom te", "មិនព្រម", "ខ្ញុំអត់ចង់ទេ"),
        *("ខ្ញុំមិនយល់ព្រមទេ", "min prom te", "knhom min yol prom te", "not really", "I don't want to", "👎"),
        *("I do not agree", "no I do not agree", "I don’t agree", "No!", "min prom te."),
    ],
)
def test_whoever_declines_goes_on_with_information_only(words: str) -> None:
    talk = asked().type(words)
    assert "help" not in talk.contact.consents
    assert talk.node == "menu.home"


def test_the_three_agreements_are_declined_in_the_same_words() -> None:
    book = release().book
    known = []
    for dialog, key in (("consent", "info"), ("talk", "no"), ("subscribe", "no")):
        kind = book.dialogs[dialog].nodes["agree"].kind
        assert isinstance(kind, ChoiceNode)
        known.append({phrase for one in kind.choices if one.key == key for phrase in one.phrases})
    assert known[0] - {"information", "ព័ត៌មាន"} == known[1] == known[2]


@pytest.mark.parametrize(
    "words",
    [
        *("ok?", "i agree?", "យល់ព្រមហើយ?", "ខ្ញុំព្រម？"),
        *("យល់ព្រមអី?", "ខ្ញុំបាត់ទូរស័ព្ទ", "ចាស់ហើយ", "រៀបការហើយ", "ធ្លាប់", "មានណា", "បានហើយ", "ត្រូវ"),
        *("kkk", "kkkk", "jaja", "men", "baht", "mean", "អឺអឺ", "ចាចាចា", "ខ្ញុំត្រូវការ", "យល់ព្រិម"),
    ],
)
def test_laughter_slips_and_other_verbs_agree_to_nothing(words: str) -> None:
    talk = asked().type(words)
    assert talk.node == "consent.agree"
    assert "help" not in talk.contact.consents


@pytest.mark.parametrize(
    "words",
    [
        "អត់មានអីទេ",
        "អត់មានគ្រោះថ្នាក់ទេ",
        "ot mean ey te",
        "I am ok",
        "I'm safe",
        "no danger",
        "not in danger",
        "ខ្ញុំមិនអីទេ",
    ],
)
def test_nothing_urgent_is_said_in_other_words_too(words: str) -> None:
    assert agreed().press("mine").type(words).node == "intake.age"


@pytest.mark.parametrize("words", ["not yet", "កុំ", "មិនចង់", "មិនបាន"])
def test_what_denies_something_else_does_not_say_that_nothing_is_urgent(words: str) -> None:
    assert agreed().press("mine").type(words).node != "intake.age"


def test_no_to_several_that_may_be_meant_is_no_answer_to_the_question() -> None:
    talk = agreed().press("mine").type("គ្រោះថ្នាក់ក្មេង")
    assert len(talk.session.frames[-1].draft) > 2
    assert talk.type("ទេ").node == "intake.urgent"
    assert talk.session.frames[-1].draft == ()
    assert talk.type("អត់ទេ").node == "intake.age"


@pytest.mark.parametrize(
    "words", ["ខ្ញុំមិនអីទេ", "គ្មានគ្រោះថ្នាក់ទេ", "min ey te", "I am ok", "I'm fine", "not in danger"]
)
def test_who_is_in_no_danger_types_so_and_is_back_where_they_were(words: str) -> None:
    assert in_alarm().type(words).node == "intake.phone-sharing"


@pytest.mark.parametrize("words", ["I am not ok", "ខ្ញុំមិនសុខទេ", "i am nott safe", "min sok te", "i am oh"])
def test_whether_somebody_is_safe_is_never_guessed(words: str) -> None:
    talk = in_alarm().type(words)
    assert (talk.node, talk.session.frames[-1].draft) == ("danger.lines", ())


@pytest.mark.parametrize("words", ["please call me", "តេមកខ្ញុំ"])
def test_who_asks_to_be_called_in_words_is_called(words: str) -> None:
    assert in_alarm().type(words).node == "contact.phone"


@pytest.mark.parametrize(
    "words",
    [
        *("មិនផុតគ្រោះថ្នាក់ទេ", "ខ្ញុំមិនអាចទេ", "ខ្ញុំអត់អាចទេ", "ខ្ញុំមិនទៅទេ", "ខ្ញុំមិនហៅទេ"),
        *("no danger?", "i am safe?", "គ្មានគ្រោះថ្នាក់ទេ?", "ខ្ញុំមិនអីទេ？"),
        *("ខ្ញុំមិនតេទេ", "ខ្ញុំអត់តេទេ", "ខ្ញុំមិនជាទេ", "ខ្ញុំមិននៅទេ", "ខ្ញុំមិនគេទេ"),
    ],
)
def test_a_letter_more_or_less_ends_no_alarm(words: str) -> None:
    assert in_alarm().type(words).node == "danger.lines"
