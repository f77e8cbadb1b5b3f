"""What people asked and nothing answers: masked, and sealed under a key that is nobody's.

Never knows who asked, where or at what time; nor does the order of its rows tell, once they are mixed.
"""

import os
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Connection, delete, insert, or_, select

from bot.core.schedule import PHNOM_PENH
from storage.faults import DamagedCell
from storage.schema import question_missed
from storage.seal import Vault
from storage.statement import Statement, given

KEPT = timedelta(days=90)
MIXED = timedelta(days=1)  # questions older than yesterday's were mixed before
PURPOSE = "question_missed"
WORDS = "question_missed|words"
_ADD = Statement(insert(question_missed).values(given("mark", "words", "centre", "day", "language")))


@dataclass(frozen=True, slots=True)
class Missed:
    """A question. `centre` None: nobody knows which. `words` None: they do not open."""

    words: str | None
    centre: str | None
    day: date
    language: str


def add(conn: Connection, vault: Vault, words: str, centre: str | None, language: str, now: datetime) -> None:
    """Keep a question. `words`: masked already. Of `now` only the day is kept."""
    mark = os.urandom(16)
    sealed = vault.purpose(PURPOSE).seal(WORDS, mark.hex(), words.encode())
    cells = {"mark": mark, "words": sealed, "centre": centre, "language": language}
    _ADD.run(conn, cells | {"day": day_of(now)})


def list_(conn: Connection, vault: Vault, centres: frozenset[str] | None) -> list[Missed]:
    """List questions of these centres (None: of all) and those of no centre; the latest day first."""
    wanted = select(question_missed).order_by(question_missed.c.day.desc(), question_missed.c.mark)
    if centres is not None:
        of = question_missed.c.centre
        wanted = wanted.where(or_(of.in_(centres), of.is_(None)))
    rows = conn.execute(wanted)
    return [Missed(_opened(vault, row.mark, row.words), row.centre, row.day, row.language) for row in rows]


def mix(conn: Connection, now: datetime) -> int:
    """Write those of today and yesterday anew, in the order of their marks and all at once; how many.

    On PostgreSQL a row tells until then by which transaction it came, so who asked; SQLite keeps these by
    their marks alone.
    """
    if conn.dialect.name == "sqlite":
        return 0
    recent = delete(question_missed).where(question_missed.c.day >= day_of(now - MIXED))
    rows = conn.execute(recent.returning(question_missed)).mappings()
    if cells := sorted((dict(row) for row in rows), key=lambda one: bytes(one["mark"])):
        conn.execute(insert(question_missed), cells)
    return len(cells)


def purge(conn: Connection, now: datetime) -> int:
    """Delete what was asked 90 days ago or earlier; how many."""
    return conn.execute(delete(question_missed).where(question_missed.c.day <= day_of(now - KEPT))).rowcount


def day_of(now: datetime) -> date:
    """The day in Phnom Penh."""
    return now.astimezone(PHNOM_PENH).date()


def _opened(vault: Vault, mark: bytes, sealed: bytes) -> str | None:
    try:
        return vault.purpose(PURPOSE).open(WORDS, mark.hex(), sealed).decode()
    except DamagedCell:
        return None
