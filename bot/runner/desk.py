"""A member of staff at work: taking a case, answering, giving it back, closing it; each with its audit line.

Never decides who may (the store's Scope does) and never sends: words wait in the outbox's staff lane.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from bot.core.channel import Capabilities, Rendered
from bot.core.fitting import fit
from bot.runner.forms import dump_part
from bot.runner.library import Library
from storage import audit, cases, outbox, people
from storage.case_rows import CaseRow, Refusal
from storage.outbox import Draft, Lane
from storage.seal import Vault
from storage.staff import Scope


@dataclass(frozen=True, slots=True)
class Desk:
    """What answering needs. `capabilities` by channel name."""

    vault: Vault
    library: Library
    capabilities: Mapping[str, Capabilities]


def take(conn: Connection, desk: Desk, scope: Scope, case_id: int, now: datetime) -> CaseRow | Refusal:
    """Take a case; the person is told that a human is there, and the bot keeps silent."""
    before = cases.find(conn, scope, str(case_id))
    taken = cases.take(conn, scope, case_id, now)
    if isinstance(taken, CaseRow) and before is not None and before.taken_by != scope.name:
        _done(conn, scope, "case.take", taken, now)
        _announce(conn, desk, taken, "bot.staff-joined", now)
    return taken


def release(conn: Connection, desk: Desk, scope: Scope, case_id: int, now: datetime) -> CaseRow | Refusal:
    """Give a case back; the person is told that the bot is back, unless a colleague still has the chat."""
    before = cases.find(conn, scope, str(case_id))
    given = cases.release(conn, scope, case_id, now)
    if isinstance(given, CaseRow):
        _done(conn, scope, "case.release", given, now)
        if before is not None and before.taken_by:
            _announce_left(conn, desk, given, now)
    return given


def close(
    conn: Connection, desk: Desk, scope: Scope, case_id: int, outcome: str, now: datetime
) -> CaseRow | Refusal:
    """Close a case; the person is told that the bot is back, unless a colleague still has the chat."""
    before = cases.find(conn, scope, str(case_id))
    closed = cases.close(conn, scope, case_id, outcome, now)
    if isinstance(closed, CaseRow):
        _done(conn, scope, "case.close", closed, now)
        if before is not None and before.taken_by:
            _announce_left(conn, desk, closed, now)
    return closed


def reply(conn: Connection, desk: Desk, scope: Scope, contact_id: int, words: str, now: datetime) -> bool:
    """Answer a person in a member of staff's own words; False when there is nobody to answer any more."""
    told = _tell(conn, desk, contact_id, words, now)
    if told:
        audit.record(conn, scope.staff_id or None, "conversation.reply", f"contact {contact_id}", now)
    return told


def _done(conn: Connection, scope: Scope, action: str, case: CaseRow, now: datetime) -> None:
    audit.record(conn, scope.staff_id or None, action, f"case {case.id}", now)


def _announce_left(conn: Connection, desk: Desk, case: CaseRow, now: datetime) -> None:
    whose = None if case.contact_id is None else people.contact_of(conn, case.contact_id)
    if whose is not None and not whose.handled_by_staff:
        _announce(conn, desk, case, "bot.staff-left", now)


def _announce(conn: Connection, desk: Desk, case: CaseRow, message_id: str, now: datetime) -> None:
    person = None if case.contact_id is None else people.by_id(conn, desk.vault, case.contact_id, lock=False)
    if person is not None:
        words = desk.library.live(conn).words.say(message_id, person.contact.language)
        _tell(conn, desk, person.contact.id, words, now)


def _tell(conn: Connection, desk: Desk, contact_id: int, words: str, now: datetime) -> bool:
    person = people.by_id(conn, desk.vault, contact_id)
    if person is None or person.erasing:
        return False
    channel = person.account.partition(":")[0]
    parts = fit(Rendered(words), desk.capabilities[channel])
    first = people.take_seq(conn, contact_id, len(parts))
    drafts = [
        Draft(f"staff:{contact_id}:{first + at}", Lane.STAFF, dump_part(part))
        for at, part in enumerate(parts)
    ]
    outbox.add(conn, person, drafts, first_seq=first, now=now)
    return True
