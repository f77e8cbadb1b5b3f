"""A whole account is stopped: administrators hear of it where they are still reached.

Never marks a person, and never says anything of one.
"""

from datetime import datetime

from sqlalchemy import Connection

from bot.core.message import Line
from bot.runner.kit import Kit
from bot.runner.notice import desk_of, say
from storage import duty, pace


def tell(conn: Connection, kit: Kit, account: str, now: datetime) -> None:
    """Tell every administrator on duty who has a chat on another account, which is not stopped."""
    desk = desk_of(kit)
    silent = {account, *(name for name, known in pace.all_(conn).items() if known.stopped)}
    for one in sorted(duty.members(conn, now), key=lambda one: one.contact_id):
        if any(grant.role == "admin" for grant in one.grants):
            lines = (Line("bot.account-stopped", {"account": account}),)
            say(conn, desk, one.contact_id, lines, now, avoid=silent)
