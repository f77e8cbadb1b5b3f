"""An entry of the agenda for many people: a hundred a transaction, and the next day whoever was not reached.

Never holds more than the last contact that was done.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime

import orjson
from sqlalchemy import Connection

from bot.core.hours import next_day
from bot.runner.notice import Desk
from storage import agenda
from storage.agenda import AgendaRow
from storage.taken_back import waits

AT_ONCE = 100  # people of one transaction


def begun(row: AgendaRow) -> int:
    """The last contact that was done; 0 for none."""
    data: Mapping[str, int] = orjson.loads(row.data) if row.data else {}
    return data.get("after", 0)


def last_of(page: Sequence[int], most: int) -> int | None:
    """The last contact of a page; None when nobody can be behind it."""
    return page[-1] if len(page) == most else None


def go_on(  # noqa: PLR0913, PLR0917 - of what, from where and until when
    conn: Connection,
    desk: Desk,
    row: AgendaRow,
    last: int | None,
    stem: str,
    until: datetime,
    now: datetime,
    *,
    again: bool = False,
) -> None:
    """Let the entry come due again: at once behind the contact `last`, else once more the next day.

    None: that was everybody. What waits then (its cause begins with `stem`) may find no sender before the
    quiet hours, and ends there; as long as it is of use (`until`) somebody looks the next day. `again`: so
    they do when somebody is left who could not be reached today.
    """
    if last is not None:
        agenda.go_on(conn, row.id, now, orjson.dumps({"after": last}))
        return
    tomorrow = next_day(now, desk.quiet_hours)
    if tomorrow < until and (again or waits(conn, stem)):
        agenda.go_on(conn, row.id, tomorrow, orjson.dumps({"after": 0}))
