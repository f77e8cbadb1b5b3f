"""What staff do with announcements: draft, edit, approve, pause, resume, stop, repeat; each is audited.

Never counts people and never sends: parts are queued when the agenda says so (`broadcast_expanding`).
"""

from dataclasses import replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.core.announcement import Announcement, Fault, State, begins, digest, faults
from bot.runner import broadcast_leads
from storage import agenda, audit, broadcast_still, broadcasts, enclosures
from storage.broadcasts import Broadcast
from storage.staff import Action, Scope, may, reach

EXPAND = "broadcast.expand"  # of the agenda; its keys are `id:n`
PHONE = 200  # above so many people what passed a phone always waits for a second person (the issue)
OPEN: frozenset[State] = frozenset({"draft", "waiting"})
MOVING: frozenset[State] = frozenset({"approved", "sending"})


class Refusal(StrEnum):
    """Why nothing was done.

    UNKNOWN: there is none within reach. FORBIDDEN: they see it and may not. STATE: not possible any more, or
    not yet. CHANGED: it is not what they were shown. SECOND: somebody else has to approve it. NOBODY: nobody
    would get it. FAULTY: it may not go out as it is (`faults`, `broadcast_leads`). UNBEGUN: it ended
    before it began, so it failed nobody.
    """

    UNKNOWN = "unknown"
    FORBIDDEN = "forbidden"
    STATE = "state"
    CHANGED = "changed"
    SECOND = "second"
    NOBODY = "nobody"
    FAULTY = "faulty"
    UNBEGUN = "unbegun"


def draft(
    conn: Connection, scope: Scope, announcement: Announcement, now: datetime, *, phone: bool = False
) -> int | Refusal | tuple[Fault, ...]:
    """Keep a new one; its id. `phone`: it is written by phone."""
    if not _may(scope, "broadcast.draft", announcement.centre):
        return Refusal.FORBIDDEN
    if wrong := _wrong(conn, announcement, now):
        return wrong
    made = broadcasts.make(conn, announcement, scope.staff_id or None, now, phone=phone)
    _done(conn, scope, "broadcast.draft", made, now)
    return made


def edit(
    conn: Connection,
    scope: Scope,
    broadcast_id: int,
    announcement: Announcement,
    now: datetime,
    *,
    phone: bool = False,
) -> Broadcast | Refusal | tuple[Fault, ...]:
    """Change one that has not begun; whatever was approved has to be approved again.

    `phone`: it is changed by phone.
    """
    found = mine(conn, scope, broadcast_id, lock=True)
    if isinstance(found, Refusal):
        return found
    if not _may(scope, "broadcast.draft", announcement.centre):
        return Refusal.FORBIDDEN
    if found.state not in OPEN | {"approved"}:
        return Refusal.STATE
    kept = replace(announcement, repeats=found.announcement.repeats)
    if wrong := _wrong(conn, kept, now):
        return wrong
    broadcasts.change(conn, broadcast_id, kept, scope.staff_id or None, now, phone=phone)
    _done(conn, scope, "broadcast.edit", broadcast_id, now)
    return _again(conn, broadcast_id)


def mine(conn: Connection, scope: Scope, broadcast_id: int, *, lock: bool = False) -> Broadcast | Refusal:
    """One within reach of who asks. `lock`: for work that changes it."""
    found = broadcasts.find(conn, broadcast_id, lock=lock)
    if found is None or not _may(scope, "broadcast.draft", found.announcement.centre):
        return Refusal.UNKNOWN
    return found


def all_mine(conn: Connection, scope: Scope) -> list[Broadcast]:
    """Those within reach, the newest first."""
    return broadcasts.list_(conn, reach(scope, "broadcast.draft", restricted=False))


def approve(  # noqa: PLR0913 - who approves what they saw, for whom
    conn: Connection,
    scope: Scope,
    broadcast_id: int,
    now: datetime,
    *,
    seen: str,
    people: int,
    limit: int,
    phone: bool = False,
) -> Broadcast | Refusal:
    """Let it go out: at once or when it is due.

    Who wrote it (its author, and who changed it last) may alone for up to `limit` people, and never above
    PHONE when it was written, or is let go (`phone`), by phone; for more it then waits for somebody else, who
    may approve it, named. `seen`, `people`: the digest and the number of the preview that they were shown.
    """
    found = mine(conn, scope, broadcast_id, lock=True)
    if isinstance(found, Refusal):
        return found
    if (why := _against(conn, found, seen, people, now)) is not None:
        return why
    if not found.written_by(scope.staff_id):
        second = _may(scope, "broadcast.approve", found.announcement.centre) and scope.staff_id
        return _approved(conn, scope, found, people, now) if second else Refusal.FORBIDDEN
    if phone and not found.phone:
        broadcasts.by_phone(conn, found.id)
        found = replace(found, phone=True)
    if people <= alone_up_to(found, limit):
        return _approved(conn, scope, found, people, now)
    if found.state == "waiting":
        return Refusal.SECOND
    broadcasts.set_state(conn, found.id, "waiting", people=people, changed_at=now)
    _done(conn, scope, "broadcast.submit", found.id, now)
    return _again(conn, found.id)


def alone_up_to(found: Broadcast, limit: int) -> int:
    """To how many people it may go without a second person."""
    return min(limit, PHONE) if found.phone else limit


def refuse(conn: Connection, scope: Scope, broadcast_id: int, now: datetime) -> Broadcast | Refusal:
    """Send what waits for approval back to its author."""
    found = mine(conn, scope, broadcast_id, lock=True)
    if isinstance(found, Refusal):
        return found
    if not _may(scope, "broadcast.approve", found.announcement.centre):
        return Refusal.FORBIDDEN
    if found.state != "waiting":
        return Refusal.STATE
    return _put(conn, scope, found, "draft", "broadcast.refuse", now)


def pause(conn: Connection, scope: Scope, broadcast_id: int, now: datetime) -> Broadcast | Refusal:
    """Let nothing more of it leave for now: what a sender has in hand is the last."""
    found = mine(conn, scope, broadcast_id, lock=True)
    if isinstance(found, Refusal):
        return found
    if found.state not in MOVING:
        return Refusal.STATE
    broadcast_still.hold(conn, broadcast_id)
    arm(conn, broadcast_id, now, now)  # what comes back from a sender is held then
    return _put(conn, scope, found, "paused", "broadcast.pause", now)


def resume(conn: Connection, scope: Scope, broadcast_id: int, now: datetime) -> Broadcast | Refusal:
    """Let it go on: what was held back is queued anew, for each in their hours.

    One that paused itself, for it grew, may be let go on by whoever may approve it and did not write it.
    """
    found = mine(conn, scope, broadcast_id, lock=True)
    if isinstance(found, Refusal):
        return found
    if found.state != "paused":
        return Refusal.STATE
    if found.reason:
        wrote = found.written_by(scope.staff_id)
        if wrote or not scope.staff_id or not _may(scope, "broadcast.approve", found.announcement.centre):
            return Refusal.SECOND
        broadcasts.set_state(conn, broadcast_id, "paused", people=None, approved_by=scope.staff_id)
    broadcast_still.let_go(conn, broadcast_id, now)
    arm(conn, broadcast_id, begins(found.announcement, now), now)
    return _put(conn, scope, found, "sending" if found.started_at else "approved", "broadcast.resume", now)


def stop(conn: Connection, scope: Scope, broadcast_id: int, now: datetime) -> Broadcast | Refusal:
    """End it for good: nothing that waits leaves, not even what waits for somebody to write."""
    found = mine(conn, scope, broadcast_id, lock=True)
    if isinstance(found, Refusal):
        return found
    if found.state == "stopped":
        return Refusal.STATE
    broadcast_still.cancel(conn, broadcast_id, now)
    broadcasts.set_state(conn, broadcast_id, found.state, ended_at=now)
    return _put(conn, scope, found, "stopped", "broadcast.cancel", now)


def repeat(
    conn: Connection, scope: Scope, broadcast_id: int, now: datetime
) -> int | Refusal | tuple[Fault, ...]:
    """Draft the same for those whom one that is over failed to reach; the new one's id."""
    found = mine(conn, scope, broadcast_id)
    if isinstance(found, Refusal):
        return found
    if found.state not in {"done", "stopped"}:
        return Refusal.STATE
    if found.started_at is None:
        return Refusal.UNBEGUN
    again = replace(found.announcement, repeats=broadcast_id, send_at=None, expires=None)
    return draft(conn, scope, again, now, phone=found.phone)


def arm(conn: Connection, broadcast_id: int, due: datetime, now: datetime) -> None:
    """Let the agenda look after it at `due`."""
    agenda.arm(conn, EXPAND, str(broadcast_id), None, due, now)


def _against(conn: Connection, found: Broadcast, seen: str, people: int, now: datetime) -> Refusal | None:
    """Why it can not be approved by anybody now."""
    if found.state not in OPEN:
        return Refusal.STATE
    if digest(found.announcement) != seen:
        return Refusal.CHANGED
    if faults(found.announcement, now) or broadcast_leads.hidden(conn, found.announcement, now):
        return Refusal.FAULTY
    return None if people else Refusal.NOBODY


def _approved(conn: Connection, scope: Scope, found: Broadcast, people: int, now: datetime) -> Broadcast:
    cells = {"approved": digest(found.announcement), "approved_by": scope.staff_id or None}
    broadcasts.set_state(conn, found.id, found.state, approved_at=now, people=people, **cells)
    arm(conn, found.id, begins(found.announcement, now), now)
    return _put(conn, scope, found, "approved", "broadcast.approve", now)


def _put(
    conn: Connection, scope: Scope, found: Broadcast, state: State, action: str, now: datetime
) -> Broadcast:
    broadcasts.set_state(conn, found.id, state, changed_at=now, reason="")
    _done(conn, scope, action, found.id, now)
    return _again(conn, found.id)


def _wrong(conn: Connection, announcement: Announcement, now: datetime) -> tuple[Fault, ...]:
    enclosed = [one for one in (announcement.picture, announcement.voice) if one]
    lost = [Fault("target", one) for one in enclosed if enclosures.document(conn, one) is None]
    return (*faults(announcement, now, drafting=True), *lost, *broadcast_leads.unknown(conn, announcement))


def _may(scope: Scope, action: Action, centre: str) -> bool:
    return may(scope, action, centre or None)


def _done(conn: Connection, scope: Scope, action: str, broadcast_id: int, now: datetime) -> None:
    audit.record(conn, scope.staff_id or None, action, f"broadcast {broadcast_id}", now)


def _again(conn: Connection, broadcast_id: int) -> Broadcast:
    found = broadcasts.find(conn, broadcast_id)
    if found is None:
        raise LookupError(f"no broadcast {broadcast_id}")
    return found
