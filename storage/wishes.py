"""What people wrote of themselves in closed answers, a hundred people at a time: for what may fit them.

Never opens a sealed cell: coarse answers only, and only those about themselves.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, exists, func, or_, select

from bot.core.ages import MINORS
from storage.schema import activity_told, answer, contact, outbox, registration, submission

WORD = "messages"  # the consent that all of it needs
_AGE = (  # that they told of themselves last
    select(answer.c.coarse)
    .join(submission, submission.c.id == answer.c.submission_id)
    .where(
        submission.c.contact_id == contact.c.id,
        submission.c.subject == "self",
        answer.c.field == "age",
        answer.c.idx == 0,
    )
    .order_by(submission.c.no.desc())
    .limit(1)
    .correlate(contact)
    .scalar_subquery()
)
_TELLS = ("queued", "held", "sending", "sent", "unknown")  # states of parts that arrived, or are to


def people(conn: Connection, fields: Collection[str], after: int, limit: int) -> list[int]:
    """List the next people who may want messages and answered one of these fields, from `after` on.

    Nobody writes to children unasked: whoever said last that they are one is left out.
    """
    said = exists().where(
        submission.c.contact_id == contact.c.id,
        submission.c.subject == "self",
        answer.c.submission_id == submission.c.id,
        answer.c.field.in_(fields),
        answer.c.coarse.is_not(None),
    )
    wanted = select(contact.c.id).where(
        contact.c.id > after,
        contact.c.consents.contains(WORD),  # roughly: whoever asks looks closely
        ~contact.c.stopped,
        contact.c.erasing_since.is_(None),
        contact.c.merged_into.is_(None),
        said,
        func.coalesce(_AGE, "").not_in(MINORS),
    )
    return list(conn.scalars(wanted.order_by(contact.c.id).limit(limit)))


def told(
    conn: Connection, ids: Sequence[int], fields: Collection[str]
) -> Mapping[int, Mapping[str, Sequence[str]]]:
    """Read what these people answered to fields, about themselves, the first first; the last stands."""
    wanted = (
        select(submission.c.contact_id, answer.c.field, answer.c.coarse)
        .join(answer, answer.c.submission_id == submission.c.id)
        .where(
            submission.c.contact_id.in_(ids),
            submission.c.subject == "self",
            answer.c.field.in_(fields),
            answer.c.coarse.is_not(None),
        )
        .order_by(submission.c.no, answer.c.idx)
    )
    found: dict[int, dict[str, list[str]]] = {}
    for row in conn.execute(wanted):
        found.setdefault(row.contact_id, {}).setdefault(row.field, []).append(row.coarse)
    return found


def known(conn: Connection, ids: Sequence[int]) -> Mapping[int, frozenset[int]]:
    """Tell which activities these people are or were told of, or answered to: they are not news to them.

    A letter that was taken back, or that no sender took in its time, told them nothing.
    """
    found: dict[int, set[int]] = {}
    one, theirs = activity_told.c, registration.c
    by_letter = exists().where(outbox.c.cause == one.cause, outbox.c.state.in_(_TELLS))
    heard = select(one.contact_id, one.activity_id).where(one.contact_id.in_(ids))
    answered = select(theirs.contact_id, theirs.activity_id).where(theirs.contact_id.in_(ids))
    for wanted in (heard.where(or_(one.cause == "", by_letter)), answered):
        for row in conn.execute(wanted):
            found.setdefault(row.contact_id, set()).add(row.activity_id)
    return {whose: frozenset(one) for whose, one in found.items()}
