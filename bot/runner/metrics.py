"""The counters and gauges of `/metrics`.

Never holds anything about a person: accounts, lanes, states and ages only. A scrape asks the store nothing.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from sqlalchemy import Connection

from bot.core.pace import Pace
from bot.runner.arrivals import Arrival
from bot.runner.faults import COUNTED
from bot.runner.sender import Sender
from storage import measures, pace, ticks
from storage.database import Database
from storage.measures import Measure
from storage.parts import Lane

ENDED_EVERY = timedelta(minutes=1)  # they are many, and change slowly


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look at the store found."""

    unsent: tuple[Measure, ...] = ()
    ended: tuple[Measure, ...] = ()
    paces: Mapping[str, Pace] | None = None
    ticked: datetime | None = None


class Metrics:
    """Read from the store every few seconds. `arrivals`: by account, kept by whoever takes events."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        now: Callable[[], datetime],
        arrivals: Mapping[str, Arrival] | None = None,
    ) -> None:
        self._database = database
        self._sender = sender
        self._now = now
        self._arrivals = {} if arrivals is None else arrivals
        self._looked = Looked()
        self._counted: datetime | None = None
        self._registry = CollectorRegistry()
        self._registry.register(self)  # all that it needs is `collect`

    async def refresh(self) -> None:
        """Look at the store."""
        now = self._now()
        due = self._counted is None or now - self._counted >= ENDED_EVERY
        self._looked = await self._database.read(lambda conn: self._look(conn, ended=due))
        self._counted = now if due else self._counted

    def text(self) -> bytes:
        """Prometheus text."""
        return generate_latest(self._registry)

    def _look(self, conn: Connection, *, ended: bool) -> Looked:
        return Looked(
            tuple(measures.unsent(conn)),
            tuple(measures.ended(conn)) if ended else self._looked.ended,
            pace.all_(conn),
            ticks.last(conn),
        )

    def collect(self) -> Iterator[Metric]:
        """What the registry asks for at a scrape."""
        yield from self._outbox()
        yield from self._sends()
        yield from self._accounts()
        yield from self._inbox()
        yield from self._ticks()
        errors = CounterMetricFamily("spean_errors", "Faults since the start, by log line", labels=["event"])
        for event, count in sorted(COUNTED.items()):
            errors.add_metric([event], count)
        yield errors

    def _outbox(self) -> Iterator[Metric]:
        labels = ["account", "lane", "state"]
        parts = GaugeMetricFamily("spean_outbox_parts", "Parts that did not arrive (yet)", labels=labels)
        oldest = GaugeMetricFamily(
            "spean_outbox_oldest_seconds", "How long the first of a lane could have left", labels=labels[:2]
        )
        for one in (*self._looked.unsent, *self._looked.ended):
            lane = Lane(one.lane).name.lower()
            parts.add_metric([one.account, lane, one.state], one.count)
            if one.since is not None:
                oldest.add_metric([one.account, lane], max(0.0, self._since(one.since)))
        yield parts
        yield oldest

    def _sends(self) -> Iterator[Metric]:
        sends = CounterMetricFamily(
            "spean_sends",
            "Outcomes since the start; queued: to be tried again",
            labels=["account", "outcome"],
        )
        for (account, state), count in sorted(self._sender.counts.items()):
            sends.add_metric([account, state], count)
        yield sends

    def _accounts(self) -> Iterator[Metric]:
        own = self._sender.limiter.known()
        known = dict(self._looked.paces or {})
        known |= {name: paced.pace for name, paced in own.items() if not paced.shared}
        rate = GaugeMetricFamily("spean_pace_per_second", "Sends a second now", labels=["account"])
        paused = GaugeMetricFamily("spean_account_paused", "1: told to wait", labels=["account"])
        stopped = GaugeMetricFamily(
            "spean_account_stopped", "1: the platform takes nothing", labels=["account"]
        )
        for name, one in sorted(known.items()):
            waits = one.paused_until is not None and self._since(one.paused_until) < 0
            rate.add_metric([name], one.rate)
            paused.add_metric([name], float(waits and not one.stopped))
            stopped.add_metric([name], float(bool(one.stopped)))
        yield rate
        yield paused
        yield stopped
        refused = CounterMetricFamily(
            "spean_throttled", "Times that we were told to wait", labels=["account"]
        )
        for name, paced in sorted(own.items()):
            refused.add_metric([name], paced.throttles)
        yield refused

    def _inbox(self) -> Iterator[Metric]:
        lag = GaugeMetricFamily(
            "spean_inbox_lag_seconds", "How old the last event was when it was taken", labels=["account"]
        )
        last = GaugeMetricFamily(
            "spean_inbox_event_timestamp_seconds", "The platform's time of the last event", labels=["account"]
        )
        for name, one in sorted(self._arrivals.items()):
            lag.add_metric([name], max(0.0, (one.taken - one.at).total_seconds()))
            last.add_metric([name], one.at.timestamp())
        yield lag
        yield last

    def _ticks(self) -> Iterator[Metric]:
        ticked = self._looked.ticked
        if ticked is None:
            return
        yield GaugeMetricFamily(
            "spean_tick_timestamp_seconds", "When the last tick of any process ended", ticked.timestamp()
        )
        age = max(0.0, self._since(ticked))
        yield GaugeMetricFamily("spean_tick_age_seconds", "How long ago that was", age)

    def _since(self, at: datetime) -> float:
        return (self._now() - at).total_seconds()
