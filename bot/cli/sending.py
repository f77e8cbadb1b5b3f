"""What `spean doctor` says of accounts whose platform takes nothing, or not so much.

Never asks a platform.
"""

from collections.abc import Iterator

from bot.cli.checks import Check
from bot.cli.readable import local
from bot.clock import SystemClock
from bot.config import Settings
from storage import pace
from storage.database import Database


def sending(chosen: Settings, database: Database) -> Iterator[Check]:
    """A stopped account is a fault; one that is told to wait is none."""
    now, zone = SystemClock().now(), chosen.bot.timezone
    for name, known in sorted(database.read_now(pace.all_).items()):
        until = known.paused_until
        if known.stopped:
            again = f", tried again {local(until, zone)}" if until is not None else ""
            what = f"the platform takes nothing from it: {known.stopped}{again}"
            cure = f"mend the token or the account there; then spean delivery resume {name}"
            yield Check("fault", name, what, cure)
        elif until is not None and until > now:
            yield Check("good", name, f"told to wait until {local(until, zone)}: messages are kept")
