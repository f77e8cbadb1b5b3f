"""What a condition may look at beside the fields of its own submission."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.answers import Key, Skipped, Words
from bot.core.condition import evaluate
from bot.core.condition_text import parse
from bot.core.contact import Contact
from bot.core.path import View
from bot.core.session import Submission
from tests.engine.shipped import NOON, release

SOKHA = Contact(1, "km", channel="webchat")
RUNS = {
    1: Submission(1, "intake", opened=True, answers={("age", 0): Key("15-17"), ("name", 0): Words("Sokha")}),
    2: Submission(2, "intake", opened=True, answers={("age", 0): Key("18-24"), ("name", 0): Skipped()}),
}


def view(contact: Contact = SOKHA, runs: dict[int, Submission] = RUNS, **more: object) -> View:
    at = View(contact, runs, None, 0, suspended=False, code=False, live=release().book, now=NOON)
    return replace(at, **more)


def holds(condition: str, seen: View) -> bool | None:
    return evaluate(parse(condition), seen.look)


def test_any_is_the_answer_that_was_given_last_wherever_it_was() -> None:
    assert holds("any.age == '18-24'", view())
    assert holds("not (any.age in ['under-15', '15-17'])", view())
    assert holds("any.name == 'Sokha'", view())
    assert holds("not answered(any.phone)", view())


@pytest.mark.parametrize(
    ("told", "shared"),
    [((), True), (("mine",), False), (("mine", "shared-ok"), True), (("mine", "mine"), False)],
)
def test_a_phone_is_shared_unless_they_said_that_it_is_theirs_alone(
    *, told: tuple[str, ...], shared: bool
) -> None:
    runs = {
        no: Submission(no, "intake", opened=True, answers={("phone_sharing", 0): Key(one)})
        for no, one in enumerate(told, 1)
    }
    assert holds("shared", view(runs=runs)) is shared


def test_the_person_and_the_place_they_write_from() -> None:
    assert holds("channel == 'webchat' and not listens and not discreet and not companions", view())
    everything = replace(SOKHA, listens=True, discreet=True, shared=True)
    assert holds("listens and discreet and companions", view(everything))
    assert holds("code", view(code=True))
    assert not holds("voices", view())


def test_the_centre_is_open_in_its_hours() -> None:
    assert not holds("open", view())  # 22 November 2026 is a Sunday
    assert holds("open", view(now=NOON + timedelta(days=1, hours=3)))  # Monday, three in the afternoon
    assert not holds("open", view(now=NOON + timedelta(days=1)))  # at noon everybody eats
