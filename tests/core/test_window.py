"""The 24-hour window as one pure function: both edges, each way, and what no words may ever do."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.window import Grants, Kind, Standing, Way, Window, way

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
WINDOW = Window()
HOUR, DAY, SECOND = timedelta(hours=1), timedelta(days=1), timedelta(seconds=1)
FAIR = "fair_reminder/km"
HUMAN = Grants(human_agent=True)
UTILITY = Grants(frozenset({FAIR}))


def seen(kind: Kind, silent: timedelta | None, grants: Grants = UTILITY, template: str = "") -> Way:
    acted = None if silent is None else NOW - silent
    return way(kind, template, Standing(acted), WINDOW, grants, NOW)


@pytest.mark.parametrize(
    ("kind", "silent", "expected"),
    [
        ("automatic", timedelta(0), "free"),
        ("automatic", 23 * HOUR - SECOND, "free"),
        ("automatic", 23 * HOUR, "held"),
        ("automatic", 23 * HOUR + SECOND, "held"),
        ("typed", DAY - SECOND, "free"),
        ("typed", DAY, "held"),
        ("typed", DAY + SECOND, "held"),
        ("automatic", None, "held"),
        ("typed", None, "held"),
    ],
)
def test_the_edges(kind: Kind, silent: timedelta | None, expected: Way) -> None:
    assert seen(kind, silent) == expected


@pytest.mark.parametrize(
    ("silent", "expected"),
    [(DAY + SECOND, "human"), (7 * DAY - SECOND, "human"), (7 * DAY, "held"), (None, "held")],
)
def test_a_person_may_write_for_seven_days_where_the_page_may(
    silent: timedelta | None, expected: Way
) -> None:
    assert seen("typed", silent, HUMAN) == expected
    assert seen("automatic", silent, HUMAN) == "held"


def test_only_an_approved_template_leaves_a_shut_window() -> None:
    assert seen("automatic", 3 * DAY, template=FAIR) == "template"
    assert seen("automatic", 3 * DAY, template="other/km") == "held"
    assert seen("automatic", 3 * DAY, HUMAN, template=FAIR) == "held"
    assert seen("automatic", HOUR, template=FAIR) == "free"


def test_the_platforms_word_stands_until_the_person_acts() -> None:
    acted, told = NOW - 2 * HOUR, NOW - HOUR
    shut = Standing(acted, told)
    assert way("typed", "", shut, WINDOW, UTILITY, NOW) == "held"
    assert way("typed", "", shut, WINDOW, HUMAN, NOW) == "human"
    assert way("typed", "", Standing(told + SECOND, told), WINDOW, UTILITY, NOW) == "free"


times = st.none() | st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=20)).map(
    lambda ago: NOW - ago
)
granted = st.builds(Grants, st.frozensets(st.sampled_from([FAIR, "other/en"])), st.booleans())
kinds: st.SearchStrategy[Kind] = st.sampled_from(["automatic", "typed"])


@given(
    kinds,
    st.sampled_from(["", FAIR]),
    st.builds(Standing, times, times),
    granted,
    st.timedeltas(timedelta(0), DAY),
)
def test_what_no_words_may_ever_do(
    kind: Kind, template: str, standing: Standing, grants: Grants, later: timedelta
) -> None:
    """Nothing free after 24 hours, nothing human that nobody typed, no template that was not approved."""
    found = way(kind, template, standing, WINDOW, grants, NOW)
    silent = None if standing.acted_at is None else NOW - standing.acted_at
    assert found != "free" or (silent is not None and silent < DAY)
    assert found != "human" or (
        kind == "typed" and grants.human_agent and silent is not None and silent < 7 * DAY
    )
    assert found != "template" or template in grants.templates
    if found == "held":  # silence alone never opens it
        assert way(kind, template, standing, WINDOW, grants, NOW + later) == "held"
    if found == "free" and kind == "automatic":  # a person may at least what we may
        assert way("typed", template, standing, WINDOW, grants, NOW) == "free"
