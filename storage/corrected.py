"""Corrections of a wrong answer: for whom one waits, and who was told; the outbox knows how each ended.

Never says or queues anything, and never holds a word of the chat.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, select

from storage import agenda, answers
from storage.agenda import AgendaRow
from storage.schema import agenda as later
from storage.schema import answer_shown, outbox

CORRECT = "answer.correct"  # of the agenda; its keys are `entry:version:contact:number`
CAUSE = "corrected:"  # of the outbox; then the key
TOLD, WAITS = frozenset({"sent", "unknown"}), frozenset({"queued", "sending", "held"})

State = Literal["told", "waits"]


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is corrected: the id of an entry, as it was in `version`."""

    entry: str
    version: str

    def stem(self, contact_id: int) -> str:
        """Of the agenda's keys."""
        return f"{self.entry}:{self.version}:{contact_id}"


def wait(conn: Connection, wrong: Wrong, contact_id: int, due: datetime, now: datetime) -> None:
    """Let somebody be told at `due`. Whoever calls holds a lock on the person."""
    agenda.arm(conn, CORRECT, wrong.stem(contact_id), contact_id, due, now)


def of(row: AgendaRow) -> Wrong:
    """What a due entry of the agenda corrects."""
    entry, version, _ = row.key.split(":", 2)
    return Wrong(entry, version)


def states(conn: Connection, wrong: Wrong, contact_id: int | None = None) -> dict[int, State]:
    """Tell who was told (as far as anybody knows), and for whom it waits; of this contact, or of all.

    Whoever is not in it was not told: what was queued was taken back, failed or came too late.
    """
    found: dict[int, State] = dict.fromkeys(_waiting(conn, wrong, contact_id), "waits")
    for (whose, _), parts in _tries(conn, wrong, contact_id).items():
        if parts <= TOLD:
            found[whose] = "told"
        elif parts <= TOLD | WAITS:
            found.setdefault(whose, "waits")
    return found


def left(conn: Connection, wrong: Wrong) -> Sequence[int]:
    """List whom it was asserted to and who were not told, nor wait to be."""
    known = states(conn, wrong)
    shown = answers.seen_by(conn, wrong.entry, wrong.version, asserted=True)
    return [one for one in shown if one not in known]


def _waiting(conn: Connection, wrong: Wrong, contact_id: int | None) -> Sequence[int]:
    begins = f"{wrong.entry}:{wrong.version}:"
    wanted = select(later.c.contact_id).where(later.c.kind == CORRECT, later.c.done_at.is_(None))
    if contact_id is not None:
        wanted = wanted.where(later.c.contact_id == contact_id)
    return conn.scalars(wanted.where(later.c.key.startswith(begins, autoescape=True))).all()


def _tries(conn: Connection, wrong: Wrong, contact_id: int | None) -> dict[tuple[int, str], set[str]]:
    """How the parts of each correction stand, by contact and number."""
    begins = f"{CAUSE}{wrong.entry}:{wrong.version}:"
    shown = select(answer_shown.c.contact_id).where(answer_shown.c.entry == wrong.entry)
    theirs = outbox.c.contact_id.in_(shown) if contact_id is None else outbox.c.contact_id == contact_id
    wanted = select(outbox.c.contact_id, outbox.c.cause, outbox.c.state).where(
        theirs, outbox.c.cause.startswith(begins, autoescape=True)
    )
    tries: dict[tuple[int, str], set[str]] = {}
    for whose, cause, state in conn.execute(wanted):
        number = cause.removeprefix(begins).partition("/")[0].split(":")[1]  # parts that moved end in /seq
        tries.setdefault((whose, number), set()).add(state)
    return tries
