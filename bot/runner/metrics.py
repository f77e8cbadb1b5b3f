"""The counters and gauges of `/metrics`, and what readiness looks at.

Never holds anything about a person: accounts, states and ages only.
"""

from collections.abc import Callable
from datetime import datetime

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from bot.runner.sender import Sender
from storage import outbox
from storage.database import Database


class Metrics:
    """Read from the store once a tick, so that a scrape costs no query."""

    def __init__(self, database: Database, sender: Sender, now: Callable[[], datetime]) -> None:
        self._database = database
        self._sender = sender
        self._now = now
        self._registry = CollectorRegistry()
        labels = ("account", "state")
        self._outbox = Gauge("spean_outbox_parts", "Parts in the outbox", labels, registry=self._registry)
        self._sends = Gauge("spean_sends", "Outcomes since the start", labels, registry=self._registry)
        self._tick = Gauge(
            "spean_tick_timestamp_seconds", "When the last tick ended", registry=self._registry
        )
        self.last_tick: datetime | None = None

    async def refresh(self) -> None:
        """After a tick: look at the store."""
        counts = await self._database.read(outbox.counts)
        self._outbox.clear()
        for (account, state), count in counts.items():
            self._outbox.labels(account, state).set(count)
        self.last_tick = self._now()
        self._tick.set(self.last_tick.timestamp())

    def text(self) -> bytes:
        """Prometheus text."""
        for (account, state), count in self._sender.counts.items():
            self._sends.labels(account, state).set(count)
        return generate_latest(self._registry)
