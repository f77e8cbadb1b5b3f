"""What is known of people before anything is forgotten: consents, cases, runs, when they last wrote.

Never opens a cell and never changes anything.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, or_, select

from storage.case_rows import LIVE
from storage.schema import answer, casefile, contact, contact_lookup, media, session, submission

# Kinds that the person asked for or was promised: nobody asked for `unfinished` or `failure`.
ASKED = frozenset({"intake", "person", "need", "danger", "complaint"})


@dataclass(frozen=True, slots=True)
class Case:
    """A case of theirs."""

    id: int
    kind: str
    state: str
    closed_at: datetime | None
    submission_id: int | None

    @property
    def asked(self) -> bool:
        """Whether they asked for it or were promised it; else the bot opened it of itself."""
        return self.kind in ASKED

    @property
    def needed(self) -> bool:
        """Whether what it holds is needed until it ends: asked for, or somebody works on it anyhow."""
        return self.asked or self.state == "taken"


@dataclass(frozen=True, slots=True)
class Run:
    """A submission of theirs."""

    id: int
    no: int
    closed: bool
    last: datetime  # opened, or answered last


@dataclass(frozen=True, slots=True)
class File:
    """A file of theirs, or one that we made for them (`ours`). `asked`: it is what we asked for."""

    id: int
    at: datetime
    ours: bool
    asked: bool


@dataclass(frozen=True, slots=True)
class Kept:
    """`stays`: staff, being erased, or merged into another: not ours to erase."""

    id: int
    consents: frozenset[str]
    stays: bool
    seen: datetime
    cases: tuple[Case, ...]
    runs: tuple[Run, ...]
    files: tuple[File, ...]
    findable: bool  # by phone or name

    @property
    def live(self) -> bool:
        """Whether somebody works for them, or will."""
        return any(one.needed and one.state in LIVE for one in self.cases)

    @property
    def agreed(self) -> bool:
        """Whether they let us keep what helping them takes, or asked for it themselves."""
        return "help" in self.consents or any(one.asked for one in self.cases)

    @property
    def closed_at(self) -> datetime | None:
        """When the last case that they asked for ended."""
        return max((one.closed_at for one in self.cases if one.asked and one.closed_at), default=None)


def people(conn: Connection, wanted: Collection[int]) -> list[Kept]:
    """Lock the sessions of these people and read what is kept; who is in a step now waits."""
    rows = conn.execute(
        select(contact, session.c.seen_at, session.c.updated_at)
        .join(session, session.c.contact_id == contact.c.id)
        .where(contact.c.id.in_(wanted))
        .order_by(contact.c.id)
        .with_for_update(of=session, skip_locked=True)
    ).all()
    cases, runs, files = _cases(conn, wanted), _runs(conn, wanted), _files(conn, wanted)
    lookups = select(contact_lookup.c.contact_id).where(contact_lookup.c.contact_id.in_(wanted))
    findable = set(conn.scalars(lookups.distinct()))
    return [
        Kept(
            id=row.id,
            consents=frozenset(row.consents.split()),
            stays=row.staff or row.erasing_since is not None or row.merged_into is not None,
            seen=row.seen_at or row.updated_at,
            cases=tuple(cases.get(row.id, ())),
            runs=tuple(runs.get(row.id, ())),
            files=tuple(files.get(row.id, ())),
            findable=row.id in findable,
        )
        for row in rows
    ]


def _cases(conn: Connection, wanted: Collection[int]) -> Mapping[int, list[Case]]:
    found: dict[int, list[Case]] = {}
    cells = (casefile.c.id, casefile.c.kind, casefile.c.state, casefile.c.closed_at, casefile.c.submission_id)
    for row in conn.execute(select(casefile.c.contact_id, *cells).where(casefile.c.contact_id.in_(wanted))):
        found.setdefault(row.contact_id, []).append(Case(*row[1:]))
    return found


def _runs(conn: Connection, wanted: Collection[int]) -> Mapping[int, list[Run]]:
    found: dict[int, list[Run]] = {}
    cells = (submission.c.contact_id, submission.c.id, submission.c.no, submission.c.closed_at)
    begun = (
        select(*cells, submission.c.opened_at, func.max(answer.c.at).label("answered_at"))
        .outerjoin(answer, answer.c.submission_id == submission.c.id)
        .where(submission.c.contact_id.in_(wanted))
        .group_by(*cells, submission.c.opened_at)
    )
    for row in conn.execute(begun):
        last_at = row.answered_at or row.opened_at
        found.setdefault(row.contact_id, []).append(Run(row.id, row.no, row.closed_at is not None, last_at))
    return found


def _files(conn: Connection, wanted: Collection[int]) -> Mapping[int, list[File]]:
    found: dict[int, list[File]] = {}
    asked = or_(media.c.submission_id.is_not(None), media.c.field.is_not(None))
    cells = (media.c.id, media.c.created_at, media.c.ref.is_(None), asked)
    for row in conn.execute(select(media.c.contact_id, *cells).where(media.c.contact_id.in_(wanted))):
        found.setdefault(row.contact_id, []).append(File(row[1], row[2], ours=row[3], asked=row[4]))
    return found
