"""A month in the real house: two processes over one store, a clock of our own, and everybody who acts.

Never reaches a platform, and never judges: what left, and when, is written down.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, TypeVar

from sqlalchemy import Connection

from bot.channels.channel import Outcome, Refused, Sent
from bot.channels.messenger.capabilities import MESSENGER
from bot.core import effects as fx
from bot.core.activity import Activity, Coming, Follow, Party
from bot.core.activity_effects import ActivitiesTold, Registered
from bot.core.contact import Address
from bot.core.effects import Effect, Turn
from bot.core.events import Event as Happened
from bot.core.events import Reachable, Text
from bot.core.session import Session
from bot.core.window import Window
from bot.runner import commit, planning, window
from bot.runner.agenda import Agenda
from bot.runner.forms import load_part
from bot.runner.judging import judge
from bot.runner.ledger import Ledger
from bot.runner.notice import desk_of
from bot.runner.step import Step
from storage import activities, outbox, people, subscriptions
from storage import agenda as entries
from storage.database import Database
from storage.outbox import Lane, OutRow
from storage.seal import Vault
from tests.runner.office import Clock, Office
from tests.runner.stage import Stage
from tests.simulation.oracle import Key
from tests.simulation.plan import Event, Human, Plan

ACCOUNTS = ("telegram:7001", "messenger:8001")
LEASE = timedelta(seconds=60)
CAUSE = re.compile(r"activity:(\d+):(-\d+[dh](?: \d\d:\d\d)?|new|r\d+):(\d+)(?:/\d+)?")
OTHERS = re.compile(r"activity:\d+:after|match:|in:\d+:away")
COMING: dict[str, Coming] = {"come": "come", "maybe": "maybe", "cannot": "cannot"}
T = TypeVar("T")


class Killed(Exception):  # noqa: N818 - what happened
    """The process died before its transaction was committed."""


@dataclass
class Mortal:
    """The door of a process that dies in its `left`-th transaction, and does nothing more."""

    database: Database
    left: int

    async def run(self, work: Callable[[Connection], T]) -> T:
        self.left -= 1
        if self.left > 0:
            return await self.database.run(work)
        if self.left < 0:
            raise Killed

        def dies(conn: Connection) -> T:
            work(conn)
            raise Killed

        return await self.database.run(dies)

    async def read(self, work: Callable[[Connection], T]) -> T:
        if self.left <= 0:
            raise Killed
        return await self.database.read(work)


@dataclass
class Month:
    """`left`: what left, and at which tick. `lost`: whose sender died when it might have been on its way."""

    offices: Sequence[Office]
    plan: Plan
    chance: Random
    clock: Clock
    numbers: list[int] = field(default_factory=list)  # contact ids, by human
    humans: dict[int, int] = field(default_factory=dict)
    fairs: list[int] = field(default_factory=list)
    left: list[tuple[Key, int]] = field(default_factory=list)
    lost: dict[Key, int] = field(default_factory=dict)
    killed: Counter[str] = field(default_factory=Counter)
    bunches: Counter[tuple[int, int]] = field(default_factory=Counter)  # parts unasked, by human and tick
    blocked: set[int] = field(default_factory=set)  # contact ids that the platform refuses
    count: int = 0

    async def run(self) -> None:
        self.clock.at = self.plan.ticks[0]
        await self._peopled()
        waiting = list(self.plan.events)
        for nth, now in enumerate(self.plan.ticks):
            self.clock.at = now.astimezone(UTC)
            while waiting and waiting[0].at <= now:
                await self._happens(waiting.pop(0))
            await self._tick()
            await self._send_all(nth)

    # --- who there is ---

    async def _peopled(self) -> None:
        for start in range(0, len(self.plan.humans), 50):
            some = self.plan.humans[start : start + 50]
            await self._one.database.run(partial(self._greet, humans=some, first=start))
        for sheet in self.plan.fairs:
            make = partial(activities.make, kind="fair", centre="pursat", sheet=sheet, now=self.clock.at)
            made: Activity = await self._one.database.run(make)
            self.fairs.append(made.id)

    def _greet(self, conn: Connection, humans: Sequence[Human], first: int) -> None:
        for nth, human in enumerate(humans, first):
            where = Address(ACCOUNTS[human.messenger], f"{nth:07}")
            number = people.greet(conn, self._one.vault, where, "km", self.clock.at).contact.id
            people.set_flag(conn, number, "careful", on=False, now=self.clock.at)
            subscriptions.set_hours(conn, number, human.hours)
            if human.follows:
                subscriptions.follow(conn, number, Follow("fairs", human.follows), self.clock.at)
            self._agree(conn, number)
            self.numbers[nth:] = [number]
            self.humans[number] = nth

    def _agree(self, conn: Connection, number: int) -> None:
        effect = fx.ConsentGiven("messages", granted=True, text="news.wanted", release="")
        self._step(conn, self._one, number, (effect,), acts=False)

    @property
    def _one(self) -> Office:
        return self.offices[0]

    # --- what happens ---

    async def _happens(self, event: Event) -> None:
        office = self.chance.choice(self.offices)
        await office.database.run(partial(self._does, office=office, event=event))

    def _does(self, conn: Connection, office: Office, event: Event) -> None:
        now, desk = self.clock.at, desk_of(office.kit)
        fair = self.fairs[event.fair] if event.fair >= 0 else 0
        match event.what:
            case "publish":
                planning.publish(conn, desk, None, fair, now)
            case "edit" if event.sheet is not None:
                planning.change(conn, desk, None, fair, event.sheet, now)
            case "cancel":
                planning.cancel(conn, desk, None, fair, now)
            case "block":
                self.blocked.add(self.numbers[event.human])
                effects = (fx.ReachChanged(reachable=False),)
                self._step(conn, office, self.numbers[event.human], effects, acts=False)
            case "stop":
                self._step(conn, office, self.numbers[event.human], (fx.StopChosen(stopped=True),))
            case _:
                self._answers(conn, office, event, fair)

    def _answers(self, conn: Connection, office: Office, event: Event, fair: int) -> None:
        effects: tuple[Effect, ...] = ()
        if event.what in COMING:
            held = activities.get(conn, fair)
            assert held is not None
            said = Registered(fair, COMING[event.what], Party(), event.remind)
            effects = (ActivitiesTold(((fair, held.revision),)), said)
            if held.state not in {"published", "moved"} or held.sheet.ends_at <= self.clock.at:
                effects = ()  # its page has no such button
        self._step(conn, office, self.numbers[event.human], effects)

    def _step(
        self, conn: Connection, office: Office, number: int, effects: tuple[Effect, ...], *, acts: bool = True
    ) -> None:
        """As if the engine had decided so."""
        self.count += 1
        person = people.by_id(conn, office.vault, number)
        assert person is not None
        body = Text("x") if acts else Reachable(reachable=False)
        event = Happened(f"m{self.count}", person.where, self.clock.at, body)
        live = office.kit.library.live(conn)
        step = Step(conn, office.kit, live, person, event, self.clock.at)
        if acts:
            window.acted(step)
        commit.write(step, Turn(Session(), effects), Session(), office.sender)

    # --- the machine ---

    async def _tick(self) -> None:
        """Both tick at once; now and then one dies in the middle, and comes up again."""
        dying = self.chance.random() < 0.05
        agendas = [office.agenda for office in self.offices]
        if dying:
            door: Any = Mortal(self._one.database, self.chance.randint(1, 8))
            one = self._one
            agendas[0] = Agenda(door, one.kit, one.inbound, one.sender, one.log)
            self.killed["tick"] += 1
        await asyncio.gather(*(agenda.tick(self.clock.at) for agenda in agendas))
        while await self._one.database.read(partial(entries.waits, now=self.clock.at)):
            await self._one.agenda.tick(self.clock.at)  # the next tick, some seconds later

    async def _send_all(self, nth: int) -> None:
        while any(
            [await self._send(office, account, nth) for office in self.offices for account in ACCOUNTS]
        ):
            pass

    async def _send(self, office: Office, account: str, nth: int) -> bool:
        """Claim and send; whoever dies between leaves what they had in hand to nobody."""
        now, ledger = self.clock.at, Ledger(office.database, office.kit, self.clock.now)
        claim = partial(
            outbox.claim,
            vault=office.vault,
            account_name=account,
            worker=office.worker,
            now=now,
            until=now + LEASE,
            limit=100,
        )
        rows: list[OutRow] = await office.database.run(claim)
        dies = self.chance.randrange(len(rows)) if rows and self.chance.random() < 0.02 else None
        for row in rows if dies is None else rows[: dies + 1]:
            if row.lane > Lane.STAFF:
                assert await office.database.run(partial(outbox.begun, row=row, now=now))
            if dies is not None and row is rows[dies]:
                self._note(row, nth, sent=False)
                continue
            outcome: Outcome = Refused("blocked", "person")
            if row.contact_id not in self.blocked:
                part = load_part(row.body)
                outcome = await window.send(office.database, office.kit, row, part, None, now)
            if isinstance(outcome, Sent) or dies is not None:  # else it is never written down
                self._note(row, nth, sent=isinstance(outcome, Sent))
            ledger.note(judge(row, outcome, now))
        if dies is not None:
            self.killed["send"] += 1
            self.clock.wait(minutes=2)  # its lease runs out
            await self._tick()
            return True
        await ledger.flush()
        return bool(rows)

    async def flooded(self) -> set[Key]:
        """What was kept until the person wrote, and left out then as newer ones waited too."""
        dropped = f"SELECT cause FROM outbox WHERE reason = '{window.OLDER}' AND cause LIKE 'activity:%'"  # noqa: S608 - ours
        found = [CAUSE.fullmatch(row[0]) for row in await self._one.ask(dropped)]
        return {self._key(one) for one in found if one}

    def _key(self, found: re.Match[str]) -> Key:
        return self.fairs.index(int(found[1])), found[2], self.humans[int(found[3])]

    def _note(self, row: OutRow, nth: int, *, sent: bool) -> None:
        found = CAUSE.fullmatch(row.cause)
        assert found or OTHERS.match(row.cause), row.cause
        if row.lane > Lane.STAFF:
            self.bunches[self.humans[row.contact_id], nth] += 1
        if not found:
            return
        key = self._key(found)
        if sent:
            self.left.append((key, nth))
        else:
            self.lost[key] = nth


def opened(databases: Sequence[Database], vault: Vault, folder: Path, clock: Clock) -> list[Office]:
    """Two processes, each with both channels."""
    stages = [Stage(ACCOUNTS[0]), Stage(ACCOUNTS[1], replace(MESSENGER, window=Window()))]
    offices = []
    for nth in range(2):
        database = databases[nth % len(databases)]
        office = Office(database, vault, folder, clock=clock, worker=f"w{nth}")
        office.kit = replace(office.kit, channels={one.account: one for one in stages})
        office.agenda = Agenda(database, office.kit, office.inbound, office.sender, office.log)
        offices.append(office)
    return offices
