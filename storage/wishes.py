"""What people wrote of themselves in closed answers, a hundred people at a time: for what may fit them.

Never opens a sealed cell: coarse answers only, and only those about themselves.
"""

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import Connection, exists, select

from storage.schema import activity_told, answer, contact, registration, submission

WORD = "messages"  # the consent that all of it needs


def people(conn: Connection, fields: Collection[str], after: int, limit: int) -> list[int]:
    """List the next people who may want messages and answered one of these fields, from `after` on."""
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
    """Tell which activities these people were told of, or answered to: they are not news to them."""
    found: dict[int, set[int]] = {}
    for table in (activity_told, registration):
        wanted = select(table.c.contact_id, table.c.activity_id).where(table.c.contact_id.in_(ids))
        for row in conn.execute(wanted):
            found.setdefault(row.contact_id, set()).add(row.activity_id)
    return {whose: frozenset(one) for whose, one in found.items()}
