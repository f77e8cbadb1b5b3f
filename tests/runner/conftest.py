"""An office with the shipped script live, on each database."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot import scripts
from bot.runner.publishing import publish
from storage.database import Database
from storage.seal import Vault
from storage.staff import EVERYWHERE, Grant, Scope
from tests.runner.crowd import Crowd
from tests.runner.house import House
from tests.runner.office import NOON, Office
from tests.started import shipped


@pytest.fixture(autouse=True)
def journal() -> Iterator[list[EventDict]]:
    """What was logged."""
    with capture_logs() as lines:
        yield lines


@pytest.fixture
async def house(office: Office) -> House:
    return House(office)


@pytest.fixture
async def crowd(office: Office) -> Crowd:
    """Whom announcements are for."""
    return Crowd(office)


@pytest.fixture
async def chief(crowd: Crowd) -> Scope:
    return await crowd.hires("chief", Grant("admin", EVERYWHERE))


@pytest.fixture
async def office(database: Database, vault: Vault, tmp_path: Path) -> AsyncIterator[Office]:
    files = shipped()
    await database.run(lambda conn: publish(conn, scripts.digest(files), files, NOON))
    opened = Office(database, vault, tmp_path)
    yield opened
    await opened.close()
