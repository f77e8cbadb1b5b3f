"""Somebody may be in danger: automatic messages rest until they go on, or trained staff close it.

Never knows what happened: no word of it is written anywhere.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.runner.step import Step
from storage import case_rows, cases, people, unasked


def rest(step: Step) -> None:
    """Nothing is said unasked from here on."""
    people.set_flag(step.conn, step.contact.id, "resting", on=True, now=step.now)
    unasked.cancel(step.conn, step.contact.id)


def ease(step: Step) -> None:
    """The person is not in danger: the rest is over, and staff see that they said so."""
    people.set_flag(step.conn, step.contact.id, "resting", on=False, now=step.now)
    cases.ease(step.conn, step.contact.id, step.now)


def closed(conn: Connection, contact_id: int, now: datetime) -> None:
    """Staff closed a danger case: the rest is over once none is left."""
    if not any(one.kind == "danger" for one in case_rows.live_of(conn, contact_id)):
        people.set_flag(conn, contact_id, "resting", on=False, now=now)
