"""A member of staff at work: taking a case, answering, giving it back, closing it; each with its audit line.

Never decides who may (the store's Scope does) and never sends: words wait in the outbox's staff lane.
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection

from bot.core.channel import Rendered
from bot.core.message import Line
from bot.runner import calls, danger, promises
from bot.runner.notice import Desk, desk_of, say, tell
from storage import agenda, alerts, audit, cases, chats, duty, people, staff
from storage.agenda import AgendaRow
from storage.case_rows import CaseRow, Refusal, row_of
from storage.staff import Scope

__all__ = [
    "Desk",
    "Told",
    "close",
    "desk_of",
    "dismiss",
    "leave",
    "release",
    "reply",
    "silence_due",
    "take",
]

SILENCE = promises.SILENCE


class Told(StrEnum):
    """What became of an answer.

    HELD: somebody else has the phone, or they hid the chat. BUSY: a colleague has the chat.
    WAITS: the platform lets nobody write to them before they write again, so somebody has to call.
    """

    QUEUED = "queued"
    HELD = "held"
    GONE = "gone"
    BUSY = "busy"
    WAITS = "waits"


def take(conn: Connection, desk: Desk, scope: Scope, case_id: int, now: datetime) -> CaseRow | Refusal:
    """Take a case; the person is told that a human is there, and the bot keeps silent."""
    before = _held(conn, scope, case_id)
    taken = cases.take(conn, scope, case_id, now)
    if isinstance(taken, CaseRow) and before is not None and before.taken_by != scope.name:
        line = Line("bot.staff-joined")
        say(conn, desk, taken.contact_id, (line,), now, restricted=taken.restricted)
        promises.arm_silence(conn, taken.contact_id, now)
        _done(conn, scope, "case.take", taken, now)
    return taken


def release(conn: Connection, desk: Desk, scope: Scope, case_id: int, now: datetime) -> CaseRow | Refusal:
    """Give a case back; the person is told that the bot is back, unless a colleague still has the chat.

    The next on duty is alerted.
    """
    before = _held(conn, scope, case_id)
    given = cases.release(conn, scope, case_id, now)
    if isinstance(given, CaseRow):
        if before is not None and before.taken_by:
            _announce_left(conn, desk, given, now)
            if scope.staff_id:
                alerts.note(conn, given.id, scope.staff_id, now)
            promises.wait(conn, desk, given, now)
        _done(conn, scope, "case.release", given, now)
    return given


def close(
    conn: Connection, desk: Desk, scope: Scope, case_id: int, outcome: str, now: datetime
) -> CaseRow | Refusal:
    """Close a case; the person is told that the bot is back, unless a colleague still has the chat."""
    before = _held(conn, scope, case_id)
    closed = cases.close(conn, scope, case_id, outcome, now)
    if isinstance(closed, CaseRow):
        if closed.kind == "danger" and closed.contact_id is not None:
            danger.closed(conn, closed.contact_id, now)
        if before is not None and before.taken_by:
            _announce_left(conn, desk, closed, now)
        _done(conn, scope, "case.close", closed, now)
    return closed


def reply(  # noqa: PLR0913 - who answers whom with what
    conn: Connection,
    desk: Desk,
    scope: Scope,
    contact_id: int,
    words: str,
    now: datetime,
    *,
    case: CaseRow | None = None,
) -> Told:
    """Answer a person in a member of staff's own words. Whoever answers on a case of theirs has the chat."""
    person = people.by_id(conn, desk.vault, contact_id)
    if person is None:
        return Told.GONE
    holder = chats.holder(conn, contact_id)
    private = person.contact.private_chat
    if holder not in {None, scope.staff_id} and (private or case is not None):
        return Told.BUSY
    if case is not None and holder is None:
        private = case.restricted
        chats.give(conn, contact_id, scope.staff_id, now, private=private)
    reached = tell(conn, desk, person, Rendered(words), now, restricted=private)
    if reached is None:
        return Told.GONE
    if case is not None or holder == scope.staff_id:
        promises.arm_silence(conn, contact_id, now)
    audit.record(conn, scope.staff_id or None, "conversation.reply", f"contact {contact_id}", now)
    if not person.contact.present or person.contact.hidden:
        return Told.HELD
    if not calls.waits(conn, desk, reached, now):
        return Told.QUEUED
    calls.ask(conn, desk, contact_id, scope.staff_id or None, now, case=case)
    return Told.WAITS


def dismiss(conn: Connection, desk: Desk, name: str, now: datetime) -> bool:
    """Shut a member of staff out at once, in the middle of whatever; False when there is no such name."""
    staff_id = staff.disable(conn, name)
    if staff_id is not None:
        leave(conn, desk, staff_id, now)
    return staff_id is not None


def leave(conn: Connection, desk: Desk, staff_id: int, now: datetime) -> None:
    """Let a member of staff go off duty, of themself, at the end of their month, or shut out.

    Their cases wait for the next on duty, and whoever they had the chat with hears that the bot is back.
    """
    for contact_id in chats.served_by(conn, staff_id):
        chats.hold(conn, contact_id)
    duty.leave(conn, staff_id)
    held = {one: _private(conn, one) for one in sorted(chats.held_by(conn, staff_id))}
    back = cases.left_by(conn, staff_id, now)
    for contact_id, private in held.items():
        _chat_left(conn, desk, contact_id, staff_id, now, private=private)
    _waiting_again(conn, desk, back, now)


def silence_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Staff had the chat and said nothing for a day: the bot has it, and the case waits for the next."""
    contact_id = row.contact_id
    chats.hold(conn, contact_id)
    holder = None if contact_id is None else chats.holder(conn, contact_id)
    if contact_id is None or holder is None or agenda.armed(conn, SILENCE, f"contact:{contact_id}"):
        return  # `armed`: they wrote at this very moment
    private, since = _private(conn, contact_id), chats.since(conn, contact_id) or now
    back = cases.left_by(conn, holder, now, contact_id)
    answered = audit.did(conn, "conversation.reply", f"contact {contact_id}", since)
    _chat_left(conn, desk, contact_id, holder, now, private=private)
    member = duty.member(conn, holder, now)
    for case in back:
        alerts.note(conn, case.id, holder, now)
        if answered:  # nobody is told that no answer came
            cases.told_late(conn, case.id)
        if member is not None:
            line = Line("bot.duty-silent", {"number": promises.name_of(case), "name": member.name})
            say(conn, desk, member.contact_id, (line,), now, restricted=case.restricted)
    _waiting_again(conn, desk, back, now)
    audit.record(conn, None, "chat.silence", f"contact {contact_id}", now)


def _waiting_again(conn: Connection, desk: Desk, back: list[CaseRow], now: datetime) -> None:
    for case in back:
        promises.wait(conn, desk, case, now)
    for case in back:
        audit.record(conn, None, "case.release", f"case {case.id}", now)


def _held(conn: Connection, scope: Scope, case_id: int) -> CaseRow | None:
    """Hold a case, its person's session first, and read it as it stands then."""
    known = row_of(conn, case_id)
    chats.hold(conn, None if known is None else known.contact_id)
    cases.lock(conn, case_id)
    return cases.find(conn, scope, str(case_id))


def _private(conn: Connection, contact_id: int) -> bool:
    whose = people.contact_of(conn, contact_id)
    return whose is not None and whose.private_chat


def _done(conn: Connection, scope: Scope, action: str, case: CaseRow, now: datetime) -> None:
    audit.record(conn, scope.staff_id or None, action, f"case {case.id}", now)


def _announce_left(conn: Connection, desk: Desk, case: CaseRow, now: datetime) -> None:
    whose = None if case.contact_id is None else people.contact_of(conn, case.contact_id)
    if whose is None:
        return
    if whose.handled_by_staff:
        promises.arm_silence(conn, case.contact_id, now)
    else:
        say(conn, desk, case.contact_id, (Line("bot.staff-left"),), now, restricted=case.restricted)


def _chat_left(
    conn: Connection, desk: Desk, contact_id: int, staff_id: int, now: datetime, *, private: bool
) -> None:
    """The chat of whoever has left goes to a colleague with a case of the person, else to the bot."""
    holder = chats.holder(conn, contact_id)
    if holder == staff_id:  # they had it without a case
        chats.give(conn, contact_id, None, now)
        holder = None
    if holder is None:
        say(conn, desk, contact_id, (Line("bot.staff-left"),), now, restricted=private)
    else:
        promises.arm_silence(conn, contact_id, now)
