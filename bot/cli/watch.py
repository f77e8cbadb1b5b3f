"""What `spean doctor` says of people who wait for an answer, and of who is on duty to give it.

Never names a person, and of restricted cases nothing at all.
"""

from collections.abc import Iterator
from datetime import datetime

from bot.cli.checks import Check
from bot.clock import SystemClock
from bot.config import Settings
from bot.runner.promises import name_of
from storage import chats, duty
from storage.case_rows import overdue
from storage.database import Database
from storage.duty import Member
from storage.staff import may

NAMED = 20
CODE = "spean staff code NAME gives a member of staff a code; they write /staff CODE to the bot"
INBOX = "within a day the bot goes on; is nobody writing there, turn Meta's automated replies off"


def watch(chosen: Settings, database: Database) -> Iterator[Check]:
    """Promises that nobody kept, people whom the bot leaves to the Page's inbox, centres without duty."""
    now = SystemClock().now()
    yield _late(database, now)
    if silent := database.read_now(chats.paused):
        what = f"the bot is silent for {silent}: somebody wrote to them in the Page's own inbox"
        yield Check("good", "paused", what, INBOX)
    on_duty = database.read_now(lambda conn: duty.members(conn, now))
    missing = [one.id for one in chosen.centre if not _covered(on_duty, one.id, restricted=False)]
    if missing:
        yield Check("warning", "duty", f"nobody is on duty for {', '.join(missing)}", CODE)
    if not _covered(on_duty, None, restricted=True):
        alone = "nobody with the safeguarding role is on duty everywhere: danger and complaints alert nobody"
        yield Check("warning", "safeguarding", alone, CODE)
    elif not missing:
        yield Check("good", "duty", f"on duty: {len(on_duty)}")


def _late(database: Database, now: datetime) -> Check:
    late = database.read_now(lambda conn: overdue(conn, now))
    if not late:
        return Check("good", "promises", "nobody waits longer than was promised")
    named = ", ".join(name_of(one) for one in late[:NAMED]) + (", …" if len(late) > NAMED else "")
    return Check(
        "warning", "promises", f"past their time: {len(late)}: {named}", "spean case take, and answer"
    )


def _covered(on_duty: list[Member], centre: str | None, *, restricted: bool) -> bool:
    where = centre or "*"
    return any(may(one.scope, "case.write", where, restricted=restricted) for one in on_duty)
