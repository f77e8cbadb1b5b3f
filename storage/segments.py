"""Who is in a segment, over what lies in clear: found page by page, or counted by how they may be written to.

Never opens a cell, and never finds whoever said last that they are under 18 (facts: domain (b), 5).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, case, func, literal, or_, select

from bot.core.ages import MINORS
from bot.core.contact import Contact
from bot.core.segment import Segment
from storage.schema import (
    account,
    address,
    answer,
    broadcast_recipient,
    casefile,
    contact,
    contact_address,
    outbox,
    registration,
    session,
    submission,
)

SPAN = 1_000  # people looked at for one page, so that a small segment among many holds nobody up
NEEDS: Mapping[str, tuple[str, ...]] = {
    "owed": ("owed", "both"),
    "work": ("work", "both"),
    "other": ("other",),
}
COUNTED = ("intake", "person")  # kinds of cases that nobody tells in confidence
AGAIN = ("failed", "expired")  # how a part ended that surely did not arrive
PARTS = 6  # that one announcement becomes at most for one person


_FLAGS = (
    contact.c.stopped,
    contact.c.reachable,
    or_(contact.c.handled_by.is_not(None), contact.c.paused).label("handled"),
    contact.c.consents,
    contact.c.declined,
    contact.c.hidden,
    contact.c.resting,
    contact.c.careful,
    contact.c.discreet,
    address.c.account_id.label("account"),
)


@dataclass(frozen=True, slots=True)
class Audience:
    """Whom an announcement is for. `centre`: only its people; empty: everybody's.

    `provinces`: of each centre, the code. `repeats`: an earlier one, of which only whom it failed for.
    """

    segment: Segment
    centre: str
    provinces: Mapping[str, str]
    repeats: int | None = None


class Page(NamedTuple):
    """Contacts in the order of their ids. `cursor`: ask on after it; `last`: there are no more."""

    ids: Sequence[int]
    cursor: int
    last: bool


class Group(NamedTuple):
    """So many people of whom the same is known. `contact`: no more than whether they may be written to.

    `open`: the platform saw them act since the time asked for.
    """

    contact: Contact
    open: bool
    number: int


def page(conn: Connection, audience: Audience, after: int, limit: int, now: datetime) -> Page:
    """The next people after a contact's id."""
    highest = conn.scalar(select(func.max(contact.c.id))) or 0
    until = after + SPAN
    wanted = select(contact.c.id).where(*_in(audience, now), contact.c.id > after, contact.c.id <= until)
    ids = list(conn.scalars(wanted.order_by(contact.c.id).limit(limit)))
    if len(ids) == limit:
        return Page(ids, ids[-1], last=False)
    return Page(ids, min(until, highest), last=until >= highest)


def groups(
    conn: Connection, audience: Audience, channels: Collection[str], acted_since: datetime, now: datetime
) -> list[Group]:
    """Count people by what decides whether and where they may be written to; one statement.

    `channels`: the names of those in use. Each person counts once, at the address that is best now.
    """
    names: dict[int, str] = {row.id: row.name for row in conn.execute(select(account.c.id, account.c.name))}
    served = [one for one, name in names.items() if name.partition(":")[0] in channels]
    open_ = and_(
        address.c.acted_at > acted_since,
        or_(address.c.shut_at.is_(None), address.c.acted_at > address.c.shut_at),
    )
    open_here = func.coalesce(open_, literal(value=False)).label("open")
    placed = (
        select(*_FLAGS, open_here, _nearest(served, open_).label("rank"))
        .select_from(contact)
        .join(contact_address, and_(contact_address.c.contact_id == contact.c.id, contact_address.c.current))
        .join(address, address.c.id == contact_address.c.address_id)
        .where(*_in(audience, now))
        .subquery()
    )
    known = [placed.c[column.name] for column in (*_FLAGS, open_here)]
    counted = select(*known, func.count().label("number")).where(placed.c.rank == 1).group_by(*known)
    return [_group(row, names, channels) for row in conn.execute(counted)]


def _nearest(served: Collection[int], open_: ColumnElement[bool]) -> ColumnElement[int]:
    """The addresses of one person in the order in which they are written to, from 1."""
    return func.row_number().over(
        partition_by=contact.c.id,
        order_by=(
            case((address.c.account_id.in_(served), 0), else_=1),
            address.c.blocked_at.is_not(None),
            contact_address.c.shut,
            case((or_(address.c.acted_at.is_(None), open_), 0), else_=1),
            contact_address.c.used_at.desc(),
        ),
    )


def _group(
    row: Any,  # noqa: ANN401 - a row of `groups`
    names: Mapping[int, str],
    channels: Collection[str],
) -> Group:
    channel = names[row.account].partition(":")[0]
    known = Contact(
        0,
        "km",
        stopped=row.stopped,
        reachable=row.reachable,
        handled_by_staff=bool(row.handled),
        consents=frozenset(row.consents.split()),
        declined=frozenset(row.declined.split()),
        hidden=row.hidden,
        resting=row.resting,
        careful=row.careful,
        discreet=row.discreet,
        channel=channel if channel in channels else "",
    )
    return Group(known, bool(row.open), row.number)


def _in(audience: Audience, now: datetime) -> list[ColumnElement[bool]]:
    """What holds for everybody in it, of the row of `contact`."""
    segment = audience.segment
    found = [
        contact.c.merged_into.is_(None),
        contact.c.erasing_since.is_(None),
        contact.c.staff.is_(False),
        select(contact_address.c.address_id)
        .where(contact_address.c.contact_id == contact.c.id, contact_address.c.current)
        .correlate(contact)
        .exists(),
        func.coalesce(_last("age"), "").not_in(MINORS),
    ]
    if audience.centre:
        found.append(_of_centres((audience.centre,), audience.provinces))
    if audience.repeats is not None:
        found.append(_failed(audience.repeats))
    if segment.centres:
        found.append(_of_centres(segment.centres, audience.provinces))
    return [*found, *_answered(segment), *_known(segment, now)]


def _answered(segment: Segment) -> list[ColumnElement[bool]]:
    """By what they answered about themselves last."""
    found = []
    if segment.places:
        home = _last("home")
        found.append(or_(*(func.substr(home, 1, len(one)) == one for one in segment.places)))
    if segment.sexes:
        found.append(_last("sex").in_(segment.sexes))
    if segment.ages:
        found.append(_last("age").in_(segment.ages))
    if segment.worked:
        found.append(_own("sector", "job_sector").where(answer.c.coarse.in_(segment.worked)).exists())
    if segment.wants:
        found.append(_last("want_sector").in_(segment.wants))
    if segment.skills:
        found.append(_holds("skills", segment.skills))
    if segment.training:
        found.append(_holds("training", segment.training))
    if segment.needs:
        found.append(_last("need").in_([key for one in segment.needs for key in NEEDS[one]]))
    return found


def _known(segment: Segment, now: datetime) -> list[ColumnElement[bool]]:
    """By how and when they write, and what they asked of us."""
    found: list[ColumnElement[bool]] = []
    if segment.languages:
        found.append(contact.c.language.in_(segment.languages))
    if segment.channels:
        found.append(_writes_on(segment.channels))
    if segment.seen_within is not None:
        found.append(_seen(session.c.seen_at >= now - timedelta(days=segment.seen_within)))
    if segment.not_seen is not None:
        found.append(_seen(session.c.seen_at < now - timedelta(days=segment.not_seen)))
    if segment.activity is not None:
        its = select(registration.c.contact_id).where(
            registration.c.contact_id == contact.c.id,
            registration.c.activity_id == segment.activity,
            registration.c.answer.in_(("come", "bus", "maybe")),
        )
        found.append(its.exists())
    if segment.cases:
        found.append(_cases(casefile.c.state.in_(segment.cases), casefile.c.kind.in_(COUNTED)))
    return found


def _own(*names: str, anybody: bool = False):  # type: ignore[no-untyped-def]  # noqa: ANN202 - a select to refine
    """Clear answers of the person to these fields. `anybody`: also what they told of others."""
    told = (
        select(answer.c.coarse)
        .join(submission, submission.c.id == answer.c.submission_id)
        .where(submission.c.contact_id == contact.c.id, answer.c.field.in_(names))
    )
    return told if anybody else told.where(submission.c.subject == "self")


def _last(name: str, *, anybody: bool = False) -> ColumnElement[str]:
    """The last one's clear answer; empty where they skipped it then."""
    newest = _own(name, anybody=anybody).where(answer.c.idx == 0).order_by(submission.c.no.desc()).limit(1)
    found: ColumnElement[str] = newest.scalar_subquery()
    return found


def _holds(name: str, keys: Collection[str]) -> ColumnElement[bool]:
    """Of several choices, written with spaces between, one of these."""
    last = literal(" ").concat(_last(name)).concat(" ")
    return or_(*(last.like(f"% {one} %") for one in keys))


def _of_centres(centres: Collection[str], provinces: Mapping[str, str]) -> ColumnElement[bool]:
    """Whoever chose one of them, else lives in its province; or has a case there that is no secret."""
    chosen, home = _last("centre", anybody=True), _last("home", anybody=True)
    codes = [provinces[one] for one in centres if one in provinces]
    return or_(
        chosen.in_(centres),
        and_(chosen.is_(None), func.substr(home, 1, 2).in_(codes)),
        _cases(casefile.c.centre.in_(centres), casefile.c.kind != "complaint"),
    )


def _cases(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    its = select(casefile.c.id).where(casefile.c.contact_id == contact.c.id, casefile.c.restricted.is_(False))
    return its.where(*which).exists()


def _seen(when: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(session.c.contact_id).where(session.c.contact_id == contact.c.id, when).exists()


def _writes_on(channels: Collection[str]) -> ColumnElement[bool]:
    there = (
        select(contact_address.c.contact_id)
        .join(address, address.c.id == contact_address.c.address_id)
        .join(account, account.c.id == address.c.account_id)
        .where(contact_address.c.contact_id == contact.c.id, contact_address.c.current)
    )
    there = there.correlate(contact)
    return there.where(or_(*(account.c.name.like(f"{one}:%") for one in channels))).exists()


def _failed(broadcast_id: int) -> ColumnElement[bool]:
    """Whom it was meant for and some of whose parts surely did not arrive."""
    meant = select(broadcast_recipient.c.contact_id).where(
        broadcast_recipient.c.broadcast_id == broadcast_id,
        broadcast_recipient.c.contact_id == contact.c.id,
        broadcast_recipient.c.why == "",
    )
    lost = select(outbox.c.id).where(
        outbox.c.contact_id == contact.c.id,
        outbox.c.cause.like(f"broadcast:{broadcast_id}:%"),
        outbox.c.cause.not_like("%/%"),  # what was queued anew since
        outbox.c.state.in_(AGAIN),
    )
    return and_(meant.exists(), lost.exists())
