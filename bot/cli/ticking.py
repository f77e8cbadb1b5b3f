"""What `spean doctor` says of the store itself at this moment: whether it can be written, and who ticks.

Never leaves anything written.
"""

from collections.abc import Iterator

from sqlalchemy import Connection, update

from bot.cli.checks import Check
from bot.cli.readable import local
from bot.clock import SystemClock
from bot.config import Settings
from bot.process.readiness import LATE
from storage import ticks
from storage.database import Database
from storage.schema import setting


def ticking(chosen: Settings, database: Database) -> Iterator[Check]:
    """Raises StoreFault when the store cannot be written."""
    database.run_now(_touch_nothing)
    yield Check("good", "[storage] url", "the store can be written")
    last = database.read_now(ticks.last)
    if last is None:
        return
    when = local(last, chosen.bot.timezone)
    if SystemClock().now() - last > LATE:
        cure = "start spean run, or on PostgreSQL spean serve --role tick"
        yield Check("warning", "tick", f"nothing that is due has happened since {when}", cure)
    else:
        yield Check("good", "tick", f"what is due happens; last looked at {when}")


def _touch_nothing(conn: Connection) -> None:
    """A write that finds no row: it needs all the rights and locks of one."""
    conn.execute(update(setting).where(setting.c.name == "").values(value=""))
