"""Houses that are killed: on each database, with a webhook and with polling."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bench import bots, plans
from tests.crash.house import Alone, Api, House, Many, shared, told
from tests.crash.traffic import Traffic
from tests.roles.server import serving
from tests.roles.site import Site

HOLD = 0.004  # seconds a send takes


@pytest.fixture
async def traffic(people: int) -> AsyncIterator[Traffic]:
    made = Traffic(plans.SPEAN, people, HOLD)
    await made.fake.server.start()
    try:
        yield made
    finally:
        await made.stop()


@pytest.fixture(params=["webhook", "polling"])
def hooked(request: pytest.FixtureRequest) -> bool:
    return bool(request.param == "webhook")


@pytest.fixture
async def alone(traffic: Traffic, tmp_path: Path, *, hooked: bool) -> AsyncIterator[House]:
    recipe = bots.spean(traffic.fake.server.port, tmp_path)
    traffic.port = recipe.port if hooked else 0
    recipe = told(recipe, hooked=hooked)
    made = Alone(traffic, tmp_path, f"sqlite:///{tmp_path / 'spean.db'}", recipe=recipe)
    try:
        await made.start()
        yield made
    finally:
        await made.leave()


@pytest.fixture
async def many(traffic: Traffic, tmp_path: Path, *, hooked: bool) -> AsyncIterator[House]:
    with serving() as server:
        recipe = told(bots.spean(traffic.fake.server.port, tmp_path), hooked=hooked)
        site = Site(tmp_path, server, Api(traffic.fake.server.port), more=shared(recipe, hooked=hooked))
        traffic.port = recipe.port if hooked else 0
        made = Many(traffic, tmp_path, server.url, site=site, hooked=hooked)
        try:
            await made.start()
            yield made
        finally:
            await made.leave()
