"""Where a person of two addresses is written to by us: where they wrote last, if words may leave there."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.core.reach import Reach, best
from bot.core.window import Kind, Standing, Window

NOW = datetime(2026, 11, 22, 5, tzinfo=UTC)
TELEGRAM = Reach(1, None, Standing())


def page(**ago: float) -> Reach:
    return Reach(2, Window(), Standing(NOW - timedelta(**ago)))


@pytest.mark.parametrize(
    ("ago", "kind", "wanted"),
    [
        ({"hours": 1}, "automatic", 2),
        ({"hours": 22, "minutes": 59, "seconds": 59}, "automatic", 2),
        ({"hours": 23, "seconds": 1}, "automatic", 1),
        ({"hours": 23, "seconds": 1}, "typed", 2),
        ({"hours": 24}, "typed", 1),
    ],
)
def test_a_shut_window_gives_way_to_a_place_without_one(
    ago: dict[str, float], kind: Kind, wanted: int
) -> None:
    found = best([page(**ago), TELEGRAM], kind, NOW)
    assert found is not None
    assert found.address == wanted


def test_where_they_wrote_last_goes_first() -> None:
    assert best([TELEGRAM, page(hours=1)], "typed", NOW) == TELEGRAM


def test_where_nothing_may_leave_it_waits_where_they_wrote_last() -> None:
    shut = Reach(3, Window(), Standing(NOW, NOW))
    assert best([page(days=2), shut], "automatic", NOW) == page(days=2)


def test_of_no_place_there_is_none() -> None:
    assert best([], "typed", NOW) is None
