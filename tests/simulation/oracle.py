"""What people should have been sent in a month, hour by hour, by plain rules; slow and obvious on purpose.

Never looks into the store, and shares no rule with what it judges.
"""

from collections import defaultdict
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.core.activity import Sheet
from tests.simulation.plan import PHNOM_PENH, Event, Plan

QUIET = (time(21), time(7))
DEAD_OF_NIGHT = (time(23), time(4, 30))
HOURS = {"morning": (7, 11), "noon": (11, 14), "evening": (16, 20)}
WINDOW = timedelta(hours=23)  # Messenger's 24, less an hour for its clock and ours
SOON = timedelta(hours=18)
Key = tuple[int, str, int]  # fair, `-3h` or `new` or `r2`, human


@dataclass
class Fair:
    """`since`: when somebody was awake after its last change and looked whom that concerns (`noted`).

    `told`: human → the revisions that they know. `owed`: who must hear of the change → what they knew.
    `comes`: human → whether they are reminded. `near`: who wants to hear of fairs there.
    """

    said: list[tuple[Sheet, str]]
    since: datetime | None = None
    told: dict[int, set[int]] = field(default_factory=lambda: defaultdict(set))
    noted: bool = True
    owed: dict[int, int] = field(default_factory=dict)
    comes: dict[int, bool] = field(default_factory=dict)
    near: tuple[int, ...] = ()

    @property
    def sheet(self) -> Sheet:
        return self.said[-1][0]

    @property
    def state(self) -> str:
        return self.said[-1][1]

    @property
    def revision(self) -> int:
        return len(self.said)


class Oracle:
    """The month once more. `sent`: what should leave, and at which tick.

    `lost`: whose sender died, and at which tick. `flooded`: what was kept for somebody until so much was that
    only the newest went.
    """

    def __init__(
        self, plan: Plan, lost: Mapping[Key, int] | None = None, flooded: Container[Key] = ()
    ) -> None:
        self.plan, self.lost, self.flooded = plan, lost or {}, flooded
        self.fairs = [Fair([(sheet, "draft")], near=self._near(sheet)) for sheet in plan.fairs]
        self.gone: set[int] = set()  # humans whom nothing may be sent to
        self.acted: dict[int, datetime] = {}
        self.kept: set[Key] = set()  # tried while Messenger's window was shut
        self.sent: dict[Key, int] = {}

    def run(self) -> dict[Key, int]:
        waiting = list(self.plan.events)
        for nth, now in enumerate(self.plan.ticks):
            acting = set()
            while waiting and waiting[0].at <= now:
                event = waiting.pop(0)
                if event.what != "block":
                    acting.add(event.human)
                self._happens(event, now)
            for number, fair in enumerate(self.fairs):
                self._tell(nth, now, number, fair, acting)
        return self.sent

    def _near(self, sheet: Sheet) -> tuple[int, ...]:
        everybody = enumerate(self.plan.humans)
        return tuple(nth for nth, one in everybody if one.follows and sheet.place.startswith(one.follows))

    # --- what happens ---

    def _happens(self, event: Event, now: datetime) -> None:
        if event.human >= 0 and event.what != "block":
            self.acted[event.human] = now
        if event.what in {"block", "stop"}:
            self.gone.add(event.human)
            return
        if event.fair < 0:
            return
        fair = self.fairs[event.fair]
        if event.what in {"publish", "edit", "cancel"}:
            sheet = event.sheet or fair.sheet
            state = {"publish": "published", "cancel": "cancelled"}.get(event.what, "published")
            if fair.state != "cancelled":
                fair.said.append((sheet, state))
                fair.owed.clear()
                fair.noted = False
                self._forget(lambda key: key[0] == event.fair)
        elif fair.state == "published" and now < fair.sheet.ends_at:
            fair.told[event.human].add(fair.revision)
            fair.comes[event.human] = event.remind and event.what != "cannot"
            self._forget(lambda key: (key[0], key[2]) == (event.fair, event.human) and key[1][0] != "r")

    def _forget(self, gone: Callable[[Key], bool]) -> None:
        self.kept = {key for key in self.kept if not gone(key)}

    # --- what is sent ---

    def _tell(self, nth: int, now: datetime, number: int, fair: Fair, acting: Container[int]) -> None:
        if not fair.noted and not _within(now, *DEAD_OF_NIGHT):
            known = {human: max(told) for human, told in fair.told.items()}
            fair.owed = {human: last for human, last in known.items() if self._differs(fair, last)}
            fair.since, fair.noted = now, True
        for human, last in fair.owed.items():
            if now < self._over(fair, last):
                may = self._may_correct(fair, last, human, now)
                key = (number, f"r{fair.revision}", human)
                self._send(nth, now, key, acting, may=may)
        if fair.state != "published":
            return
        for human, reminded in fair.comes.items():
            for offset in fair.sheet.reminders if reminded else ():
                first, until = self._span(offset, fair.sheet, human)
                if first <= now < until:
                    may = self._allowed(human, now)
                    self._send(nth, now, (number, offset, human), acting, may=may)
        for human in fair.near if now < fair.sheet.starts_at else ():
            if human not in fair.told:
                may = self._allowed(human, now)
                self._send(nth, now, (number, "new", human), acting, may=may)

    def _send(self, nth: int, now: datetime, key: Key, acting: Container[int], *, may: bool) -> None:
        """Send it if it `may` leave; what was kept goes to whoever writes, whatever the hour."""
        fair, _, human = key
        if key in self.sent or key in self.flooded or human in self.gone:
            return
        if not (may or (key in self.kept and human in acting)):
            return
        shut = self.plan.humans[human].messenger and now - self.acted.get(human, now - WINDOW) >= WINDOW
        if shut and self.lost.get(key) != nth:
            self.kept.add(key)
            return
        self.sent[key] = nth
        self.kept.discard(key)
        self.fairs[fair].told[human].add(self.fairs[fair].revision)

    # --- the rules ---

    def _differs(self, fair: Fair, last: int) -> bool:
        before, after = fair.said[last - 1][0], fair.sheet
        if fair.state == "cancelled":
            return True
        facts = [(one.starts_at, one.ends_at, one.place, one.venue, one.cost) for one in (before, after)]
        return facts[0] != facts[1]

    def _over(self, fair: Fair, last: int) -> datetime:
        return max(fair.said[last - 1][0].ends_at, fair.sheet.ends_at)

    def _may_correct(self, fair: Fair, last: int, human: int, now: datetime) -> bool:
        starts = (fair.said[last - 1][0].starts_at, fair.sheet.starts_at)
        made = fair.since or now
        urgent = any(made < one <= made + SOON for one in starts)
        if urgent and self.plan.humans[human].hours == "any":
            return not _within(now, *DEAD_OF_NIGHT)
        return self._allowed(human, now)

    def _allowed(self, human: int, at: datetime) -> bool:
        hours = self.plan.humans[human].hours
        if hours in HOURS:
            start, end = HOURS[hours]
            return start <= at.astimezone(PHNOM_PENH).hour < end
        return not _within(at, *QUIET)

    def _span(self, offset: str, sheet: Sheet, human: int) -> tuple[datetime, datetime]:
        """From when on it is sent, and until when it is of use."""
        due = _due(offset, sheet.starts_at)
        until = due + min(timedelta(days=1), (sheet.starts_at - due) / 4)
        first = due
        if not self._allowed(human, due):  # an hour before the end of the last hours that were
            while not self._allowed(human, first - timedelta(minutes=30)):
                first -= timedelta(minutes=30)
            first -= timedelta(hours=1)
        return first, until


def _due(offset: str, starts_at: datetime) -> datetime:
    ahead, _, at = offset.partition(" ")
    number = int(ahead[1:-1])
    if ahead.endswith("h"):
        return starts_at - timedelta(hours=number)
    local = starts_at.astimezone(PHNOM_PENH) - timedelta(days=number)
    return datetime.combine(local.date(), time.fromisoformat(at) if at else local.time(), PHNOM_PENH)


def _within(at: datetime, start: time, end: time) -> bool:
    """Whether it is after `start` in the evening or before `end` in the morning."""
    local = at.astimezone(PHNOM_PENH).time()
    return local >= start or local < end
