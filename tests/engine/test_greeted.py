"""A greeting: who was never here is greeted as a newcomer, who comes back is welcomed back."""

import pytest

from bot.core.contact import Contact
from bot.core.events import Command, Start
from tests.engine.fairs import say, text
from tests.engine.shipped import Talk, agreed

HELLO = ("សួស្តី", "ជម្រាបសួរ", "hello")


def newcomer() -> Talk:
    """They have chosen a language, and nothing else."""
    return Talk(contact=Contact(1, "km")).happen(Start()).press("km")


@pytest.mark.parametrize("words", HELLO)
def test_a_newcomer_who_says_hello_is_not_welcomed_back(words: str) -> None:
    talk = newcomer()
    asked = talk.node
    talk.type(words)
    assert talk.node == asked
    assert text(talk).startswith(say("bot.hello"))
    assert say("bot.welcome-back") not in text(talk)


def test_the_very_first_words_may_be_hello() -> None:
    talk = Talk(contact=Contact(1, "km")).type("សួស្តី")
    assert talk.node == "language.choose"
    assert say("bot.welcome-back") not in text(talk)


def test_a_language_chosen_above_its_question_is_not_asked_for_again() -> None:
    """On the web page the switch stands beside the chat."""
    talk = Talk(contact=Contact(1, "km")).happen(Start()).happen(Command("fairs"))
    assert [one.dialog for one in talk.session.frames] == ["language", "activities"]
    talk.happen(Command("language", "en"))
    assert talk.node == "activities.list"
    talk.press("~back")
    assert talk.node == "listen.how"
    assert talk.press("read").node == "consent.agree"


@pytest.mark.parametrize("words", HELLO)
def test_who_is_known_is_welcomed_back(words: str) -> None:
    assert text(agreed().type(words)).startswith(say("bot.welcome-back"))
