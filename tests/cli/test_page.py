"""`spean doctor` asks the Page what it may do, keeps the answer, and says it."""

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.core.window import Grants
from storage import grants
from storage.database import Database
from tests.cli.command import Spean
from tests.fakes.graph.api import FakeGraph

Asked = Callable[[], dict[str, dict[str, str]]]


@pytest.fixture
def graph() -> Iterator[FakeGraph]:
    """The platform, in a thread of its own, for a command has no loop to share."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    fake = asyncio.run_coroutine_threadsafe(_start(), loop).result()
    yield fake
    asyncio.run_coroutine_threadsafe(fake.stop(), loop).result()
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


async def _start() -> FakeGraph:
    fake = FakeGraph(speed=100)
    await fake.start()
    return fake


@pytest.fixture
def asked(spean: Spean, house: Path, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch) -> Asked:
    assert spean("chat", "--data", house / "var").status == 0
    chosen = {
        "ENABLED": "true",
        "PAGE_ID": graph.page_id,
        "PAGE_TOKEN": graph.page_token,
        "APP_SECRET": graph.app_secret,
        "VERIFY_TOKEN": graph.verify_token,
        "GRAPH_BASE": graph.base,
    }
    for name, value in chosen.items():
        monkeypatch.setenv(f"SPEAN_MESSENGER__{name}", value)

    def look() -> dict[str, dict[str, str]]:
        checks = [json.loads(line) for line in spean("doctor", "--json").lines]
        return {one["where"]: one for one in checks if one["where"].startswith("[messenger]")}

    return look


def known(house: Path, graph: FakeGraph) -> Grants:
    database = Database.open(f"sqlite:///{house / 'var' / 'spean.db'}")
    try:
        return database.read_now(lambda conn: grants.of(conn, f"messenger:{graph.page_id}"))
    finally:
        database.close_now()


def test_what_the_page_may_do_is_said_and_kept(asked: Asked, house: Path, graph: FakeGraph) -> None:
    graph.grant(utility=False, human_agent=False)
    told = asked()
    assert [told[f"[messenger] {what}"]["state"] for what in ("staff", "reminders")] == ["warning"] * 2
    assert known(house, graph) == Grants()
    graph.grant(utility=True, human_agent=True)
    told = asked()
    assert told["[messenger] staff"]["state"] == "good"
    assert "no template is approved" in told["[messenger] reminders"]["what"]
    assert known(house, graph) == Grants(human_agent=True)


def test_a_refused_token_is_a_fault_and_forgets_nothing(
    asked: Asked, house: Path, graph: FakeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph.grant(human_agent=True)
    asked()
    before = known(house, graph)
    assert before.human_agent
    monkeypatch.setenv("SPEAN_MESSENGER__PAGE_TOKEN", "EAAWRONG0000000000000000000000000000")
    told = asked()
    assert told["[messenger]"]["state"] == "fault"
    assert "EAAWRONG" not in json.dumps(told)
    assert "[messenger] staff" in told, "what was known before is still said"
    assert known(house, graph) == before
