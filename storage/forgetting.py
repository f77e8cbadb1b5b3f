"""Forgetting parts of what is kept about a person: their words, files, runs of a dialog, and old cases.

Never decides what is due (`purge` does), and never deletes a unique key.
"""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

import orjson
from sqlalchemy import BindParameter, Connection, bindparam, case, delete, exists, null, or_, select, update

from bot.core import session as sessions
from bot.core.session import Frame, Session
from bot.core.unkept import forgetful
from storage import erasure
from storage.faults import DamagedCell
from storage.people import SESSION
from storage.schema import (
    UtcDateTime,
    answer,
    casefile,
    contact,
    contact_lookup,
    inbox,
    media,
    media_chunk,
    outbox,
    submission,
)
from storage.schema import session as stands
from storage.seal import Vault
from storage.statement import Statement, fixed, given

UNFINISHED = "unfinished"  # the outcome of a case that nobody asked for, when its run goes
_until = bindparam("until", type_=UtcDateTime())
_who: BindParameter[int] = bindparam("contact")
_there = inbox.c.contact_id == _who, inbox.c.now <= _until
_went = (
    outbox.c.contact_id == _who,
    outbox.c.created_at <= _until,
    outbox.c.not_before <= _until,
    outbox.c.state != fixed("sending"),
)
_ENDS = {  # what waited so long is of no use to anybody, and can not be sent without its words
    "body": null(),
    "state": case(
        (outbox.c.state.in_([fixed("queued"), fixed("held")]), fixed("expired")), else_=outbox.c.state
    ),
}
_HEARD = Statement(update(inbox).where(*_there, inbox.c.body.is_not(None)).values(body=null()))
_HEARD_AND_KEYS = Statement(
    update(inbox)
    .where(*_there, or_(inbox.c.body.is_not(None), inbox.c.message.is_not(None)))
    .values(body=null(), message=null(), release=null())
)
_SAID = Statement(update(outbox).where(*_went, outbox.c.body.is_not(None)).values(_ENDS))
_SAID_AND_KEYS = Statement(
    update(outbox)
    .where(*_went, or_(outbox.c.body.is_not(None), outbox.c.message.is_not(None)))
    .values(_ENDS | {"message": null()})
)
_SESSION = Statement(
    select(contact.c.data_key, stands.c.body)
    .join(stands, stands.c.contact_id == contact.c.id)
    .where(contact.c.id == _who)
)
_KEEP_SESSION = Statement(
    update(stands).where(stands.c.contact_id == _who).values(given("body", "releases", "wake_at"))
)


def words(conn: Connection, contact_id: int, until: datetime, *, keys: bool) -> int:
    """Empty what was said until then, by both sides; `keys`: with the platform's ids of it. Counts rows."""
    marks = {"contact": contact_id, "until": until}
    heard, said = (_HEARD_AND_KEYS, _SAID_AND_KEYS) if keys else (_HEARD, _SAID)
    return heard.run(conn, marks) + said.run(conn, marks)


def files(conn: Connection, media_ids: Collection[int]) -> int:
    """Delete files with all they hold."""
    if not media_ids:
        return 0
    conn.execute(delete(media_chunk).where(media_chunk.c.media_id.in_(media_ids)))
    return conn.execute(delete(media).where(media.c.id.in_(media_ids))).rowcount


def runs(conn: Connection, contact_id: int, submission_ids: Collection[int]) -> int:
    """Delete runs of a dialog with their answers and files; and who answered nothing else is not found."""
    if not submission_ids:
        return 0
    conn.execute(delete(answer).where(answer.c.submission_id.in_(submission_ids)))
    files(conn, conn.scalars(select(media.c.id).where(media.c.submission_id.in_(submission_ids))).all())
    gone = conn.execute(delete(submission).where(submission.c.id.in_(submission_ids))).rowcount
    left = exists().where(submission.c.contact_id == contact_id, answer.c.submission_id == submission.c.id)
    conn.execute(delete(contact_lookup).where(contact_lookup.c.contact_id == contact_id, ~left))
    return gone


def cases(conn: Connection, case_ids: Collection[int], now: datetime) -> int:
    """Let cases lead to nobody any more: number, centre, kind, state and coarse codes stay."""
    if not case_ids:
        return 0
    for row in conn.execute(
        select(casefile.c.id, casefile.c.submission_id, casefile.c.state).where(casefile.c.id.in_(case_ids))
    ).all():
        erasure.empty_case(conn, row.id, row.submission_id, row.state, now)
    return len(case_ids)


def close(conn: Connection, case_ids: Collection[int], now: datetime) -> None:
    """Close cases of runs that are never finished now; they lead to nobody."""
    if not case_ids:
        return
    open_still = (casefile.c.id.in_(case_ids), casefile.c.closed_at.is_(None))
    ended = {"state": "closed", "outcome": UNFINISHED, "closed_at": now}
    conn.execute(update(casefile).where(*open_still).values(ended))
    cases(conn, case_ids, now)


def place(
    conn: Connection, vault: Vault, contact_id: int, now: datetime, *, gone: Collection[int], held: bool
) -> None:
    """Take out of where a person stands the runs `gone` (their numbers); `held`: what they wrote last too.

    Ids of messages that can no longer be deleted on the platform go in any case.
    """
    row = _SESSION.one(conn, {"contact": contact_id})
    if row is None or row[1] is None:
        return
    key = vault.unwrap(row[0])
    try:
        before = sessions.load(orjson.loads(key.open(SESSION, str(contact_id), row[1])))
    except DamagedCell:
        return  # nobody can read it; the person's next step parks, and says so
    after = without(forgetful(before, now), gone, held=held)
    if after == before:
        return
    body = key.seal(SESSION, str(contact_id), orjson.dumps(sessions.dump(after)))
    releases = " ".join(sorted(sessions.releases(after)))
    _KEEP_SESSION.run(
        conn, {"contact": contact_id, "body": body, "releases": releases, "wake_at": after.wake_at}
    )


def without(session: Session, gone: Collection[int], *, held: bool) -> Session:
    """The session as if those runs had never begun: frames that walk them, and all above, are left."""
    kept = _below(session.frames, gone), _below(session.suspended, gone)
    after = replace(
        session,
        frames=kept[0],
        suspended=kept[1],
        submissions=tuple(one for one in session.submissions if one.no not in gone),
    )
    if kept[0] != session.frames:  # its question is asked no more, and its buttons answer nothing
        after = replace(after, turn=session.turn + 1, wake_at=None, nudged=False, misses=0)
    if not held:
        return after
    elsewhere = tuple(replace(one, unkept=()) for one in after.elsewhere)
    return replace(after, held=None, answered_by="", unkept=(), elsewhere=elsewhere)


def _below(frames: tuple[Frame, ...], gone: Collection[int]) -> tuple[Frame, ...]:
    walks = (at for at, frame in enumerate(frames) if frame.submission in gone)
    return frames[: next(walks, len(frames))]
