"""Letters that tell somebody what an activity says: mailed, and remembered, so that it can be corrected.

Never decides who is told what, nor when.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from bot.core.activity import Activity
from bot.runner import mailing
from bot.runner.mailing import Outcome, Post
from bot.runner.notice import Desk
from storage import activities

Telling = tuple[Post, Sequence[Activity]]  # a letter, and what it says as it stands now
NOT_NOW: frozenset[Outcome] = frozenset({"waits", "no channel"})


def mail_and_tell(
    conn: Connection, desk: Desk, letters: Sequence[Telling], now: datetime
) -> dict[int, Outcome]:
    """Queue letters and remember whom they tell which revisions; whom they cannot reach now, and why.

    The people were loaded and the activities locked in this transaction.
    """
    outcomes = mailing.mail(conn, desk, [post for post, _ in letters], now)
    became = [
        (post.to.person.contact.id, post.cause, about, outcome)
        for (post, about), outcome in zip(letters, outcomes, strict=True)
    ]
    told = [
        (who, one.id, one.revision, cause)
        for who, cause, about, outcome in became
        if outcome in {"queued", "waits"}
        for one in about
    ]
    activities.tell_all(conn, told, now)
    return {who: outcome for who, _, _, outcome in became if outcome in NOT_NOW}
