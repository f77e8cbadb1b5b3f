"""Hiding a chat: what was said is shown no more here, and deleted on the platform before the next part.

Never deletes what the store keeps.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import orjson
from sqlalchemy import Connection

from bot.channels.channel import Outcome, Refused, Retry, Sent, Uncertain
from bot.core import session as sessions
from bot.core.contact import Address
from bot.core.elsewhere import unkept_at
from bot.runner.kit import Kit
from bot.runner.step import Step
from storage import people, sharing, traces
from storage.database import Database
from storage.outbox import OutRow
from storage.seal import Vault

CHAT = "chat"
REACH = timedelta(
    hours=47, minutes=50
)  # Telegram deletes what is younger than 48 hours; a margin for the way


def hide(step: Step) -> None:
    """Nothing unasked from now on; what is said next deletes first what the platform lets us delete."""
    people.set_flag(step.conn, step.contact.id, "hidden", on=True, now=step.now)
    sharing.show_after(step.conn, step.contact.id, step.person.seq, step.now)
    step.hides = CHAT


async def clear(database: Database, kit: Kit, row: OutRow, hides: str, now: datetime) -> Outcome | None:
    """Delete on the platform what a part hides. None: the part may go, for what is left cannot be deleted.

    Doing it twice does it once; so an answer that was lost is asked for again.
    """
    if hides == CHAT:
        found = await database.read(lambda conn: _whole_chat(conn, kit.vault, row, now - REACH))
    else:
        found = hides.split()
    if not found:
        return None
    match await kit.channels[row.account].delete(row.external, found):
        case Sent() | Refused(stop="nothing"):
            return None
        case Uncertain(reason):
            return Retry(reason)
        case trouble:
            return trouble


def _whole_chat(conn: Connection, vault: Vault, row: OutRow, since: datetime) -> Sequence[str]:
    """Ids of both sides' messages since then, whoever had the phone, also where no words were kept."""
    known: list[str] = []
    where = Address(row.account, row.external)
    place = sharing.place_of(conn, vault, where)
    for one in sharing.everybody_at(conn, vault, where) or [row.contact_id]:
        known += traces.messages(conn, vault, one, row.account, before=row.seq, since=since)
        person = people.by_id(conn, vault, one, lock=False)
        if person and person.session:
            session = sessions.load(orjson.loads(person.session))
            known += [message for message, at in unkept_at(session, place) if at >= since]
    return tuple(dict.fromkeys(known))
