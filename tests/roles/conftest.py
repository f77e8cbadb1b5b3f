"""A site of many processes, and its server."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.fakes.telegram.api import FakeTelegram
from tests.roles.server import Server, serving
from tests.roles.site import Site


@pytest.fixture
def server() -> Iterator[Server]:
    with serving() as one:
        yield one


@pytest.fixture
async def site(server: Server, tmp_path: Path) -> AsyncIterator[Site]:
    fake = await FakeTelegram().start()
    made = Site(tmp_path, server, fake)
    try:
        yield made
    finally:
        await made.leave()
        await fake.stop()
