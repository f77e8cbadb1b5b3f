"""A sample site has something to look at, and a real one has nothing that is made up."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.app import Spean
from bot.clock import SystemClock
from bot.config import Settings
from bot.process import samples
from storage import activities

ROOT = Path(__file__).parents[2]


def titles(spean: Spean, now: datetime) -> list[str]:
    found = spean.database.read_now(lambda conn: activities.shown(conn, now))
    return [f"{one.sheet.title.km} {one.sheet.title.en}" for one in found]


async def test_samples_are_marked_made_once_made_anew_when_over_and_gone_from_a_real_site(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    spean, now = Spean(Settings().kept_in(tmp_path), ROOT, SystemClock()), SystemClock().now()
    try:
        assert spean.kit.sample
        samples.settle(spean.database, spean.kit, now)
        samples.settle(spean.database, spean.kit, now + timedelta(days=1))
        made = titles(spean, now)
        assert len(made) == 5
        assert all("(គំរូ)" in one and "(Sample)" in one for one in made)

        later = now + timedelta(days=200)
        assert titles(spean, later) == []
        samples.settle(spean.database, spean.kit, later)
        assert len(titles(spean, later)) == 5

        samples.settle(spean.database, replace(spean.kit, sample=False), later)
        assert titles(spean, now) == []
    finally:
        await spean.stop()


def test_every_row_of_the_sample_is_right_and_shows_its_employers(tmp_path: Path) -> None:
    spean = Spean(Settings().kept_in(tmp_path), ROOT, SystemClock())
    try:
        now = SystemClock().now()
        found = samples.rows(spean.database.read_now(spean.kit.library.live).book, now)
    finally:
        spean.database.close_now()
    assert [one.errors + one.warnings for one in found] == [()] * 5
    fair = found[0].draft
    assert fair is not None
    assert fair.sheet.shown == fair.sheet.employers
