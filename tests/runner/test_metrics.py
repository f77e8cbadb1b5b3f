"""What `/metrics` says, read back as Prometheus would."""

import subprocess
import sys
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import Connection, Engine, event
from structlog.typing import EventDict

from bot.channels.channel import Refused, Retry
from bot.runner.faults import COUNTED, count
from bot.runner.metrics import Metrics
from storage import ticks
from storage.outbox import Lane
from tests.runner.office import NOON, WHO, Office

OTHER = "93007002"
ACCOUNT = "telegram:7001"


def read(metrics: Metrics) -> dict[tuple[str, ...], float]:
    """By name and label values."""
    families = text_string_to_metric_families(metrics.text().decode())
    return {(one.name, *one.labels.values()): one.value for family in families for one in family.samples}


@pytest.fixture
def metrics(office: Office) -> Metrics:
    return Metrics(office.database, office.sender, office.clock.now, office.inbound.arrivals)


async def test_what_waits_is_counted_by_lane_with_the_age_of_the_first(
    office: Office, metrics: Metrics
) -> None:
    someone = await office.greet(WHO)
    await office.queue(someone, "one", "two")
    office.clock.wait(seconds=30)
    await office.queue(someone, "three", lane=Lane.BROADCAST)
    office.clock.wait(seconds=12)
    await metrics.refresh()
    office.clock.wait(seconds=1)
    seen = read(metrics)
    assert seen["spean_outbox_parts", ACCOUNT, "reply", "queued"] == 2
    assert seen["spean_outbox_parts", ACCOUNT, "broadcast", "queued"] == 1
    assert seen["spean_outbox_oldest_seconds", ACCOUNT, "reply"] == 43
    assert seen["spean_outbox_oldest_seconds", ACCOUNT, "broadcast"] == 13


async def test_outcomes_refusals_and_pauses_are_counted_by_account(office: Office, metrics: Metrics) -> None:
    office.serve()
    office.stage.outcomes += [Refused("too long"), Retry("429", 35, account_wide=True)]
    await office.queue(await office.greet(WHO), "one")
    await office.until_states(["failed"])
    await office.queue(await office.greet(OTHER), "two")
    await office.until_tried(2)
    await office.until_states(["queued"], OTHER)
    await metrics.refresh()
    seen = read(metrics)
    assert seen["spean_sends_total", ACCOUNT, "failed"] == 1
    assert seen["spean_sends_total", ACCOUNT, "queued"] == 1
    assert seen["spean_throttled_total", ACCOUNT] == 1
    assert (seen["spean_account_paused", ACCOUNT], seen["spean_account_stopped", ACCOUNT]) == (1, 0)
    assert seen["spean_outbox_parts", ACCOUNT, "reply", "failed"] == 1
    office.clock.wait(seconds=36)
    assert read(metrics)["spean_account_paused", ACCOUNT] == 0


async def test_a_stopped_account_shows(office: Office, metrics: Metrics) -> None:
    office.serve()
    office.stage.outcomes.append(Refused("bad-token", stop="account"))
    await office.queue(await office.greet(WHO), "one")
    await office.until_tried(1)
    await office.until_states(["queued"])
    seen = read(metrics)
    assert (seen["spean_account_paused", ACCOUNT], seen["spean_account_stopped", ACCOUNT]) == (0, 1)


async def test_how_far_behind_we_are_is_known_for_each_account(office: Office, metrics: Metrics) -> None:
    await office.happen("Start")
    office.clock.wait(seconds=90)
    seen = read(metrics)
    assert seen["spean_inbox_lag_seconds", ACCOUNT] == 0
    assert seen["spean_inbox_event_timestamp_seconds", ACCOUNT] == NOON.timestamp()


async def test_the_tick_grows_old_between_looks(office: Office, metrics: Metrics) -> None:
    await metrics.refresh()
    assert ("spean_tick_age_seconds",) not in read(metrics)
    await office.database.run(lambda conn: ticks.note(conn, office.clock.at))
    await metrics.refresh()
    office.clock.wait(seconds=7)
    assert read(metrics)["spean_tick_age_seconds",] == 7


def test_grave_log_lines_are_counted_by_their_constant_only(metrics: Metrics) -> None:
    line: EventDict = {"event": "step failed of a test", "error": "KeyError", "contact": 7}
    before = COUNTED[str(line["event"])]
    assert count(None, "error", line) is line
    count(None, "warning", {"event": "not grave"})
    assert COUNTED["step failed of a test"] == before + 1
    assert read(metrics)["spean_errors_total", "step failed of a test"] == before + 1
    assert "not grave" not in COUNTED
    assert b"KeyError" not in metrics.text()


def test_lines_of_libraries_are_counted_by_their_logger_only() -> None:
    """In a process of its own, as its logs are set up there: what a message says reaches no label."""
    said = (
        "import logging, structlog; from bot.cli.journal import write_logs; write_logs();"
        "logging.getLogger('a.library').error('bad line: %s', 'Dara');"
        "structlog.get_logger().error('step failed', error='KeyError');"
        "from bot.runner.faults import COUNTED; print(dict(COUNTED))"
    )
    ran = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", said], capture_output=True, text=True, check=True
    )
    assert ran.stdout.strip() == "{'a.library': 1, 'step failed': 1}"


async def test_a_scrape_asks_the_store_nothing(office: Office, metrics: Metrics) -> None:
    await metrics.refresh()
    office.clock.wait(hours=1)
    asked: list[str] = []

    def begun(_conn: Connection) -> None:
        asked.append("begin")

    event.listen(Engine, "begin", begun)
    try:
        for _ in range(3):
            metrics.text()
        assert asked == []
        await metrics.refresh()
        assert asked == ["begin"]
    finally:
        event.remove(Engine, "begin", begun)


async def test_what_ended_is_counted_once_a_minute(office: Office, metrics: Metrics) -> None:
    office.serve()
    await metrics.refresh()
    office.stage.outcomes.append(Refused("too long"))
    await office.queue(await office.greet(WHO), "one")
    await office.until_states(["failed"])
    office.clock.wait(seconds=59)
    await metrics.refresh()
    key = ("spean_outbox_parts", ACCOUNT, "reply", "failed")
    assert key not in read(metrics)
    office.clock.at += timedelta(seconds=1)
    await metrics.refresh()
    assert read(metrics)[key] == 1
