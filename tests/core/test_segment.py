"""Segments as staff make them: a closed set, read back as written, said in words, and what makes one tell."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.message import Line
from bot.core.segment import PARTS, VALUES, Segment, Wrong, describe, dump, load, read, toggled
from tests.engine.shipped import release


def some(part: str) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(VALUES[part]), unique=True).map(
        lambda chosen: tuple(one for one in VALUES[part] if one in chosen)
    )


ANY = st.builds(
    Segment,
    centres=st.sampled_from([(), ("pursat",), ("pursat", "preah-vihear")]),
    places=st.sampled_from([(), ("15",), ("1502", "150203")]),
    seen_within=st.none() | st.integers(1, 3650),
    not_seen=st.none() | st.integers(1, 3650),
    activity=st.none() | st.integers(1, 2**40),
    **{part: some(part) for part in VALUES},
)


@given(ANY)
def test_what_is_written_down_is_read_back(one: Segment) -> None:
    assert load(dump(one)) == one


@given(ANY)
def test_whoever_reads_it_sees_every_part(one: Segment) -> None:
    said = describe(one)
    if one == Segment():
        assert said == Line("broadcast.everybody")
        return
    clauses = said.args["clauses"]
    assert isinstance(clauses, tuple)
    named = {clause.id.removeprefix("broadcast.who.") for clause in clauses}
    assert named == set(dump(one)), "nothing that narrows it is left unsaid"


def test_the_keys_are_those_of_answers_that_lie_in_clear() -> None:
    """A key that nobody can answer would find nobody, and what is told in confidence is no part at all."""
    shipped = release().book
    fields = {
        "sexes": ("about-you", "sex"),
        "ages": ("intake", "age"),
        "worked": ("thailand", "sector"),
        "wants": ("work", "want_sector"),
        "skills": ("work", "skills"),
        "training": ("work", "training"),
        "needs": ("intake", "need"),
    }
    for part, (dialog, field) in fields.items():
        node = next(one for one in shipped.dialogs[dialog].nodes.values() if one.field == field)
        assert node.coarse, part
        assert node.sensitivity != "S2", part
        offered = {choice.key for choice in node.kind.choices}  # type: ignore[union-attr]
        assert set(VALUES[part]) <= offered, part


def test_what_is_no_part_and_no_value_is_told_all_at_once() -> None:
    form = {
        "sexes": ["woman", "cat"],
        "debts": "yes",
        "seen_within": "soon",
        "places": "1",
        "activity": [1, 2],
    }
    assert set(read(form)) == {  # type: ignore[arg-type]
        Wrong("sexes", "cat"),
        Wrong("debts"),
        Wrong("seen_within", "soon"),
        Wrong("places", "1"),
        Wrong("activity", "1,2"),
    }
    with pytest.raises(ValueError, match="no segment"):
        load(form)


@pytest.mark.parametrize("number", ["0", "-1", "1.5", "៣", "9999999999999999999999", ""])
def test_days_are_a_number_of_days(number: str) -> None:
    assert read({"seen_within": number}) == (Wrong("seen_within", number),)


def test_a_value_may_stand_alone_and_numbers_may_be_text() -> None:
    assert read({"sexes": "woman", "seen_within": "30"}) == Segment(sexes=("woman",), seen_within=30)


def test_no_child_is_ever_meant() -> None:
    assert read({"ages": ["15-17"]}) == (Wrong("ages", "15-17"),)


def test_taps_tick_and_untick() -> None:
    once = toggled(Segment(sexes=("man",)), "sexes", "woman")
    assert once.sexes == ("woman", "man"), "in the order of the set"
    assert toggled(once, "sexes", "man") == Segment(sexes=("woman",))
    with pytest.raises(ValueError, match="no value"):
        toggled(Segment(), "debts", "yes")


@pytest.mark.parametrize("part", PARTS)
def test_only_needs_and_requests_tell_why_somebody_gets_it(part: str) -> None:
    value = {"seen_within": 3, "not_seen": 3, "activity": 1}.get(part) or VALUES.get(part, ("15",))[:1]
    assert replace(Segment(), **{part: value}).neutral == (part in {"needs", "cases"})
