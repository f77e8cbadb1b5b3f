"""Erasing a person: the receipt, the log outside the store, then the rows, and word to who worked for them.

Never erases before it is written down, and never before the receipt had its time to leave.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.answers import Day
from bot.core.message import Line, OutMessage
from bot.runner import duty
from bot.runner.kit import Kit
from bot.runner.notice import desk_of
from bot.runner.step import Step, say
from storage import audit, chats, erasure, people
from storage.database import Database
from storage.erasure import Entry, ErasureLog


def ask(step: Step) -> None:
    """Mark the person, and give the receipt: its number, and when the last backup that holds them expires."""
    people.set_erasing(step.conn, step.contact.id, step.now)
    entry = erasure.entry(step.conn, step.contact.id, step.now)
    until = (step.now + step.kit.backup_days).astimezone(step.kit.quiet_hours.zone) + timedelta(days=1)
    said = Line("bot.erased", {"receipt": entry.receipt, "until": Day(until.date())})
    step.parts.extend(say(step, OutMessage("", (said,))))


async def erase(database: Database, kit: Kit, log: ErasureLog, contact_id: int, now: datetime) -> None:
    """Erase whoever asked for it; the log comes first, under the time and number of their receipt.

    Whom another process has just erased is left alone.
    """

    def entered(conn: Connection) -> Entry | None:
        return erasure.entry(conn, contact_id, now) if people.contact_of(conn, contact_id) else None

    def work(conn: Connection) -> None:
        chats.hold(conn, contact_id)
        if people.contact_of(conn, contact_id) is None:
            return
        for case_id in erasure.erase(conn, contact_id, now):
            duty.tell_case_erased(conn, desk_of(kit), case_id, now)
        audit.record(conn, None, audit.ERASED, f"contact {contact_id}", now)

    found = await database.read(entered)
    if found is None:
        return
    log.append(found)
    await database.run(work)
    await database.sweep()
