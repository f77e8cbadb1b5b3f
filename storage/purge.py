"""Purging: what was kept long enough is forgotten, a hundred people a transaction, every day.

Never touches an open case or its person's words, and never deletes a unique key or a line of the audit.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import orjson
from sqlalchemy import Connection, delete, func, insert, null, or_, select, update

from bot.core.unkept import KEPT as UNKEPT
from storage import answers, audit, erasure, forgetting, kept, link, missed, outlived, settings
from storage.case_rows import LIVE
from storage.database import Database
from storage.kept import Kept, Run
from storage.schema import (
    agenda,
    contact,
    contact_lookup,
    inbox,
    setting,
)
from storage.seal import Vault

AT_ONCE, ENOUGH = 100, 500  # people looked at, things forgotten, in one transaction
EVERY = timedelta(days=1)
AGENDA_KEPT = timedelta(days=90)
STATE = "purge"
LOCK = 0x5350_5055  # of PostgreSQL: one process does a batch at a time
Outcome = tuple[int | None, "Report"]  # of a batch: the last person looked at (None: there are no more)


@dataclass(frozen=True, slots=True)
class Policy:
    """How long each is kept (`[privacy]`)."""

    raw_updates: timedelta
    words: timedelta
    unconsented_words: timedelta
    unfinished: timedelta
    closed_cases: timedelta


@dataclass(frozen=True, slots=True)
class Report:
    """How many were forgotten, nothing else: messages, files, runs of a dialog, cases, people.

    `answers_shown`: who saw which answer; `questions_missed`: what nothing answered. `told`: who was told or
    asked of an activity; `enclosures`: pictures and recordings of ours.
    """

    raw_updates: int = 0
    words: int = 0
    unconsented_words: int = 0
    files: int = 0
    unfinished: int = 0
    closed_cases: int = 0
    people: int = 0
    agenda: int = 0
    answers_shown: int = 0
    questions_missed: int = 0
    told: int = 0
    enclosures: int = 0

    @property
    def total(self) -> int:
        """Of everything."""
        return sum(getattr(self, one.name) for one in fields(self))

    def __add__(self, other: "Report") -> "Report":
        return Report(*(getattr(self, one.name) + getattr(other, one.name) for one in fields(self)))


@dataclass(frozen=True, slots=True)
class Ran:
    """The last purge that came to its end."""

    at: datetime
    report: Report


class Raced(Exception):  # noqa: N818 - another process did this batch: nothing of it is done twice
    """Somebody else took this batch meanwhile; the transaction must not stand."""


def batch(conn: Connection, vault: Vault, policy: Policy, now: datetime, after: int = 0) -> Outcome:
    """Forget what is due of the next people with ids above `after`."""
    report = Report() if after else _of_nobody(conn, policy, now)
    ids = conn.scalars(select(contact.c.id).where(contact.c.id > after).order_by(contact.c.id).limit(AT_ONCE))
    wanted = ids.all()
    report += Report(told=outlived.told(conn, wanted, now))
    for person in kept.people(conn, wanted):
        report += _forget(conn, vault, policy, now, person)
        if report.total >= ENOUGH:
            return person.id, report
    return (wanted[-1] if len(wanted) == AT_ONCE else None), report


def whole(database: Database, vault: Vault, policy: Policy, now: datetime, *, dry: bool = False) -> Report:
    """Forget all that is due now. `dry`: each batch is taken back, so that the counts are true."""
    report, after = Report(), 0
    while True:
        work = partial(batch, vault=vault, policy=policy, now=now, after=after)
        last_id, counted = _try(database, work, dry=dry)
        report += counted
        if last_id is None:
            return report
        after = last_id


def due(conn: Connection, now: datetime) -> bool:
    """Tell whether today's purge is still to be done, or to be finished."""
    found = settings.get(conn, STATE)
    return found is None or datetime.fromisoformat(orjson.loads(found)["due"]) <= now


def daily(conn: Connection, vault: Vault, policy: Policy, now: datetime) -> bool:
    """Do the next batch of today's purge, whatever the number of processes; False: nothing more today.

    Raises Raced when another process did it.
    """
    _alone(conn)
    if not due(conn, now):
        return False
    found = settings.get(conn, STATE)
    state: dict[str, Any] = orjson.loads(found) if found else {"due": now.isoformat(), "after": 0}
    last, report = batch(conn, vault, policy, now, state["after"])
    report += Report(**state.get("so_far", {}))
    if last is None:
        _swap(conn, found, _ended(conn, now, report))
        return False
    _swap(conn, found, state | {"after": last, "so_far": asdict(report)})
    return True


def remember(conn: Connection, now: datetime, report: Report) -> None:
    """Note a purge that somebody asked for: the next is due a day later."""
    settings.put(conn, STATE, orjson.dumps(_ended(conn, now, report)).decode())


def last(conn: Connection) -> Ran | None:
    """Read how the last purge went; None when there was none."""
    found = orjson.loads(settings.get(conn, STATE) or "{}")
    if "ran" not in found:
        return None
    return Ran(datetime.fromisoformat(found["ran"]), Report(**found["report"]))


class _Undo(Exception):  # noqa: N818 - not an error: what a dry run did must not stand
    def __init__(self, outcome: Outcome) -> None:
        super().__init__()
        self.outcome = outcome


def _try(database: Database, work: Callable[[Connection], Outcome], *, dry: bool) -> Outcome:
    def undone(conn: Connection) -> Outcome:
        raise _Undo(work(conn))

    try:
        return database.run_now(undone if dry else work)
    except _Undo as undo:
        return undo.outcome


def _ended(conn: Connection, now: datetime, report: Report) -> dict[str, Any]:
    audit.record(conn, None, "purge", f"{report.total} things", now)
    at = now.astimezone(UTC)
    return {
        "due": (at + EVERY).isoformat(),
        "after": 0,
        "ran": at.isoformat(),
        "report": asdict(report),
    }


def _alone(conn: Connection) -> None:
    """Of two who purge at once the second would pass over whom the first holds, and call it done."""
    if conn.dialect.name == "postgresql" and not conn.scalar(select(func.pg_try_advisory_xact_lock(LOCK))):
        raise Raced


def _swap(conn: Connection, found: str | None, state: Mapping[str, Any]) -> None:
    """Write the new state, unless it changed since it was read."""
    value = orjson.dumps(state).decode()
    if found is None:
        conn.execute(insert(setting).values(name=STATE, value=value))
        return
    mine = update(setting).where(setting.c.name == STATE, setting.c.value == found).values(value=value)
    if conn.execute(mine).rowcount != 1:
        raise Raced


def _of_nobody(conn: Connection, policy: Policy, now: datetime) -> Report:
    """What hangs on no person: events that met a fault, and the agenda's data."""
    raw = conn.execute(
        update(inbox)
        .where(inbox.c.state == "parked", inbox.c.now <= now - policy.raw_updates)
        .values(body=null(), message=null(), state="done")
    )
    done = conn.execute(
        update(agenda)
        .where(agenda.c.done_at <= now - AGENDA_KEPT)
        .where(or_(agenda.c.data != b"", agenda.c.contact_id.is_not(None)))
        .values(data=b"", contact_id=null())
    )
    link.sweep(conn, now)
    return Report(
        raw_updates=raw.rowcount,
        agenda=done.rowcount,
        answers_shown=answers.forget_old(conn, now - policy.closed_cases),
        questions_missed=missed.purge(conn, now),
        enclosures=outlived.enclosures(conn, now),
    )


def _forget(conn: Connection, vault: Vault, policy: Policy, now: datetime, person: Kept) -> Report:
    over = now - policy.closed_cases
    if _is_over(person, over):
        erasure.erase(conn, person.id, now)
        return Report(people=1, closed_cases=len(person.cases))
    old = [one for one in person.cases if one.closed_at and one.closed_at <= over and one.state not in LIVE]
    gone = _due_runs(person, policy, now, [one.id for one in old])
    counted = Report(closed_cases=forgetting.cases(conn, [one.id for one in old], now))
    nobodys = {one.id for one in gone} - {one.submission_id for one in old}
    forgetting.close(conn, [one.id for one in person.cases if one.submission_id in nobodys], now)
    forgetting.runs(conn, person.id, [one.id for one in gone])
    counted += Report(unfinished=len(nobodys))
    counted += _words(conn, person, policy, now)
    kept_for = policy.words if person.agreed else policy.unconsented_words
    silent = not person.live and person.seen <= now - kept_for
    if gone or silent or person.seen <= now - UNKEPT:
        forgetting.place(conn, vault, person.id, now, gone={one.no for one in gone}, held=silent)
    return counted


def _is_over(person: Kept, over: datetime) -> bool:
    """Whether nothing has happened for so long that the person goes. Who asked for messages is with us."""
    ended = person.closed_at is None or person.closed_at <= over
    return (
        ended and person.seen <= over and not (person.live or person.stays or "messages" in person.consents)
    )


def _due_runs(person: Kept, policy: Policy, now: datetime, old: Collection[int]) -> list[Run]:
    """Runs of old cases, those begun and never finished, and those of who never agreed."""
    held = {one.submission_id for one in person.cases if one.needed and one.id not in old}
    past = {one.submission_id for one in person.cases if one.id in old}
    due = []
    for one in person.runs:
        if one.id in held:
            continue
        unfinished = not one.closed and not person.live and one.last <= now - policy.unfinished
        unwanted = not person.agreed and one.last <= now - policy.unconsented_words
        if one.id in past or unfinished or unwanted:
            due.append(one)
    return due


def _words(conn: Connection, person: Kept, policy: Policy, now: datetime) -> Report:
    counted = Report(files=forgetting.files(conn, _due_files(person, policy, now)))
    until = _words_until(person, now - policy.words)
    if until is not None:
        counted += Report(words=forgetting.words(conn, person.id, until, keys=True))
    if person.agreed:
        return counted
    if person.findable:
        conn.execute(delete(contact_lookup).where(contact_lookup.c.contact_id == person.id))
    soon = now - policy.unconsented_words
    return counted + Report(unconsented_words=forgetting.words(conn, person.id, soon, keys=False))


def _words_until(person: Kept, cut: datetime) -> datetime | None:
    """Until when their words were kept long enough; None while somebody works for them, or just did."""
    if person.live or (person.closed_at is not None and person.closed_at > cut):
        return None
    return cut if person.seen <= cut else person.closed_at


def _due_files(person: Kept, policy: Policy, now: datetime) -> list[int]:
    """Files that answer no question go with the words; those we made for them after a few days."""
    until = _words_until(person, now - policy.words)
    if not person.agreed:
        until = now - policy.unconsented_words
    made = now - policy.raw_updates
    return [
        one.id
        for one in person.files
        if (one.ours and one.at <= made) or (not one.asked and until is not None and one.at <= until)
    ]
