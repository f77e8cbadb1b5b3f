"""The daily purge and the end of backups, at a tick."""

import os
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.core.contact import Address
from bot.runner.keeping import Keeping, Kept
from storage import backup, people, purge
from storage.database import Database
from storage.purge import Policy
from storage.seal import Vault

DAY = timedelta(days=1)
POLICY = Policy(7 * DAY, 30 * DAY, DAY, 30 * DAY, 365 * DAY)


@pytest.fixture
async def site(sqlite_url: str, tmp_path: Path, now: datetime) -> AsyncIterator[tuple[Database, Keeping]]:
    database, vault = Database.open(sqlite_url, serve=True), Vault(os.urandom(32))
    where = Address("telegram:7001", "1")
    await database.run(lambda conn: people.greet(conn, vault, where, "km", now - 400 * DAY))
    yield database, Keeping(database, vault, Kept(POLICY, tmp_path / "backups", 30 * DAY))
    await database.close()


async def test_a_tick_forgets_once_a_day(site: tuple[Database, Keeping], now: datetime) -> None:
    database, keeping = site
    await keeping.tick(now)
    ran = database.read_now(purge.last)
    assert ran is not None
    assert (ran.at, ran.report.people) == (now, 1)
    await keeping.tick(now + timedelta(hours=23))
    assert database.read_now(purge.last) == ran
    await keeping.tick(now + DAY)
    later = database.read_now(purge.last)
    assert later is not None
    assert (later.at, later.report.total) == (now + DAY, 0)


async def test_a_tick_ends_backups_that_lived_their_days(
    site: tuple[Database, Keeping], tmp_path: Path, now: datetime
) -> None:
    database, keeping = site
    old = backup.make(database, tmp_path / "backups", now - 30 * DAY)
    young = backup.make(database, tmp_path / "backups", now - 29 * DAY)
    await keeping.tick(now)
    assert (old.exists(), young.exists()) == (False, True)
    await keeping.tick(now + DAY)
    assert not young.exists()
