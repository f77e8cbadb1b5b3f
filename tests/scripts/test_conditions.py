"""Conditions: what can be written, and what they say when an answer is missing or was spoken."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.answers import (
    Day,
    Flag,
    Heard,
    Key,
    Keys,
    Month,
    Number,
    Phone,
    PlaceCode,
    Skipped,
    Value,
    Words,
)
from bot.core.condition import Condition, Found, evaluate, fields
from bot.core.condition_text import DEEPEST, LONGEST, BadCondition, parse

ANSWERS: dict[str, Found] = {
    "age": Key("15-17"),
    "needs": Keys(("food", "work")),
    "agree": Flag(yes=True),
    "name": Words("សុខា"),
    "years": Number(Decimal(3)),
    "born": Day(date(1990, 5, 1)),
    "since": Month(2019, 4),
    "phone": Phone("+85512345678"),
    "home": PlaceCode("220104"),
    "away": PlaceCode("abroad"),
    "home.province": "22",
    "away.province": PlaceCode("abroad"),
    "job": Heard("ref"),
    "pay": Skipped(),
    "subject": "self",
    "consent.help": True,
    "case": False,
    "count": 4,
}


def say(text: str) -> bool | None:
    return evaluate(parse(text), ANSWERS.get)


@pytest.mark.parametrize(
    "text",
    [
        "age == '15-17'",
        "age in ['under-15', \"15-17\"]",
        "age != '18-24'",
        "needs has 'food'",
        "age has '15-17'",
        "agree",
        "agree == true",
        "consent.help and not case",
        "name == 'សុខា'",
        "years >= 3 and years < 3.5 and years != -3",
        "3 <= years",
        "count == 4",
        "born < '1990-06-01'",
        "since > '2018-12'",
        "phone == '+85512345678'",
        "home == '220104'",
        "home.province in ['22', '15', '13']",
        "subject != 'family'",
        "answered(age) and answered(job) and not answered(pay) and not answered(missing)",
        "not (agree and case) or missing",
        "not case and not missing == 'x'",
        "true or false",
    ],
)
def test_what_holds(text: str) -> None:
    assert say(text) is True


@pytest.mark.parametrize(
    "text",
    [
        "missing == 'x'",
        "missing != 'x'",
        "missing in ['x']",
        "missing has 'x'",
        "missing < 3",
        "missing",
        "pay == 'x'",
        "age < 3",
        "needs == 'food'",
        "needs has 'clothes'",
        "years has 'food'",
        "name",
        "away.province == 'ab'",
        "missing == job",
        "agree and missing",
    ],
)
def test_what_does_not_hold(text: str) -> None:
    assert say(text) is False


@pytest.mark.parametrize(
    "text", ["job == 'x'", "job != 'x'", "job in ['x']", "job has 'x'", "job", "not job"]
)
def test_a_spoken_answer_leaves_it_open(text: str) -> None:
    assert say(text) is None


TRUTH: dict[str, bool | None] = {"true": True, "false": False, "job": None}


@pytest.mark.parametrize("left", TRUTH)
@pytest.mark.parametrize("right", TRUTH)
def test_and_or_not_follow_kleene(left: str, right: str) -> None:
    values = (TRUTH[left], TRUTH[right])
    assert say(f"{left} and {right}") is (False if False in values else None if None in values else True)
    assert say(f"{left} or {right}") is (True if True in values else None if None in values else False)


def test_and_binds_closer_than_or_and_not_closest() -> None:
    assert parse("a or b and not c == 'x'") == parse("a or (b and (not (c == 'x')))")


def test_the_names_used_are_known() -> None:
    used = fields(parse("not (home.province == '22' or needs has 'food') and answered(pay) and a < b"))
    assert used == {"home.province", "needs", "pay", "a", "b"}


@pytest.mark.parametrize(
    ("text", "position", "problem"),
    [
        ("", 0, "empty"),
        ("  ", 0, "empty"),
        ("a" * (LONGEST + 1), LONGEST, "too-long"),
        ("not " * DEEPEST + "a", 4 * DEEPEST, "too-deep"),
        ("a; b", 1, "letter"),
        ("a == 'x", 5, "unclosed"),
        ("a b", 2, "unexpected"),
        ("a in []", 6, "unexpected"),
        ("a has b", 6, "unexpected"),
        ("and a", 0, "unexpected"),
        ("answered('x')", 9, "unexpected"),
        ("__import__('os')", 0, "letter"),
        ("a ==", 4, "unfinished"),
        ("(a", 2, "unfinished"),
        ("a or 'x'", 5, "lone"),
    ],
)
def test_what_is_wrong_is_shown_where(text: str, position: int, problem: str) -> None:
    with pytest.raises(BadCondition) as bad:
        parse(text)
    assert (bad.value.position, bad.value.problem) == (position, problem)


@given(st.text(max_size=80))
def test_any_text_is_a_condition_or_a_bad_one(text: str) -> None:
    with suppress(BadCondition):
        assert evaluate(parse(text), ANSWERS.get) in {True, False, None}


WORDS = st.sampled_from(
    [
        "a",
        "age",
        "home.province",
        "'x'",
        "3",
        "true",
        "and",
        "or",
        "not",
        "(",
        ")",
        "==",
        "<",
        "in",
        "[",
        "]",
        ",",
        "has",
        "answered",
    ]
)
VALUES: list[Value | None] = [None, Key("x"), Keys(("x",)), Flag(yes=False), Number(Decimal(3)), Heard("r")]


@given(st.lists(WORDS, max_size=12), st.sampled_from(VALUES))
def test_any_row_of_words_is_a_condition_or_a_bad_one(words: list[str], value: Value | None) -> None:
    try:
        condition = parse(" ".join(words))
    except BadCondition:
        return
    assert hash(condition) == hash(parse(" ".join(words)))
    assert evaluate(condition, lambda _: value) in {True, False, None}


def conditions() -> st.SearchStrategy[str]:
    leaf = st.sampled_from(["age == 'x'", "years > 2", "needs has 'x'", "agree", "answered(a)"])
    join: Callable[[st.SearchStrategy[str]], st.SearchStrategy[str]] = lambda inner: st.one_of(  # noqa: E731
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not {}".format, inner),
    )
    return st.recursive(leaf, join, max_leaves=5)


@given(conditions(), st.sampled_from(VALUES))
def test_a_spoken_answer_never_changes_what_is_certain(text: str, value: Value | None) -> None:
    """What is decided while an answer is only heard stays so whatever the person turns out to have said."""
    condition: Condition = parse(text)
    heard = evaluate(condition, lambda name: Heard("r") if name == "age" else value)
    for said in (Key("x"), Key("y")):
        told = evaluate(condition, lambda name, said=said: said if name == "age" else value)
        assert heard is None or heard == told
