"""Staff write to a person in the platform's own inbox: the bot is silent there until they have done.

Never says anything to either of them.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.runner.notice import Desk
from bot.runner.step import Step
from storage import agenda, chats, people
from storage.agenda import AgendaRow

RESUME = "chat.resume"
PAUSED_FOR = timedelta(hours=24)  # after the last message of staff there, as after silence in a chat of ours


def pause(step: Step, *, paused: bool) -> None:
    """Keep silent, for a day from now on; or no more."""
    number = step.contact.id
    people.set_flag(step.conn, number, "paused", on=paused, now=step.now)
    if paused:
        agenda.arm(step.conn, RESUME, f"contact:{number}", number, step.now + PAUSED_FOR, step.now)


def resume_due(conn: Connection, desk: Desk, row: AgendaRow, now: datetime) -> None:
    """Nobody wrote there for a day: the bot has the chat again."""
    del desk
    number = row.contact_id
    chats.hold(conn, number)
    if number is not None and agenda.armed(conn, RESUME, f"contact:{number}") is None:
        people.set_flag(conn, number, "paused", on=False, now=now)
