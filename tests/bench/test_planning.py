"""The fair of a province in small: one letter for everybody, in pieces so small that nobody waits for it."""

from pathlib import Path

import pytest

from bench.planning.run import measure
from bot.runner.batches import AT_ONCE
from tests.started import LIBRARY

PEOPLE = 520


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/bench.db"
    empty: str = request.getfixturevalue("empty_postgres_url")
    return empty


async def test_everybody_in_a_province_has_one_letter_ready_and_others_are_answered_meanwhile(
    url: str, tmp_path: Path
) -> None:
    took = await measure(url, tmp_path, PEOPLE, LIBRARY)
    assert took.letters == PEOPLE
    assert len(took.held) >= PEOPLE / AT_ONCE + 1, "a hundred a transaction"
    assert took.busy[len(took.busy) // 2] < 0.05, "CPU seconds: other programs do not lengthen them"
    assert took.replies
