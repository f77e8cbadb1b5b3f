"""What `spean doctor` says of the Page: it asks the platform what the Page may do, and keeps the answer.

Never changes anything at the platform, and never sends to anybody.
"""

import asyncio
from collections.abc import Iterator

from bot.channels.account import AccountError
from bot.channels.messenger.channel import MessengerChannel
from bot.channels.messenger.probe import Probed, probe
from bot.cli.checks import Check
from bot.clock import SystemClock
from bot.config import Settings
from bot.core.window import Grants
from bot.process.platforms import messenger_of
from storage import grants
from storage.database import Database
from storage.grants import Known

PLACE = "[messenger]"
REVIEW = "ask for it in the app's App Review on developers.facebook.com; until then"


def page(chosen: Settings, database: Database) -> Iterator[Check]:
    """Ask what the Page may do outside the 24 hours after a person's last message; nothing without a Page."""
    channel = messenger_of(chosen)
    if channel is None:
        return
    try:
        found = asyncio.run(_probed(channel))
    except AccountError as error:
        yield Check("fault", PLACE, str(error), "what was known before is still used")
        known = database.read_now(lambda conn: grants.known(conn, channel.account))
    else:
        known = Known(found.templates, found.utility, found.human_agent, SystemClock().now())
        _keep(database, channel.account, known)
    yield from _told(known)


async def _probed(channel: MessengerChannel) -> Probed:
    try:
        return await probe(channel)
    finally:
        await channel.close()


def _keep(database: Database, account: str, known: Known) -> None:
    may, at = Grants(known.templates, known.human_agent), known.probed_at or SystemClock().now()
    database.run_now(lambda conn: grants.put(conn, account, may, at, utility=known.utility))


def _told(known: Known) -> Iterator[Check]:
    if known.probed_at is None:
        return
    asked = f"asked {known.probed_at:%Y-%m-%d %H:%M} UTC"
    if known.human_agent:
        yield Check("good", f"{PLACE} staff", f"their own words may leave for 7 days ({asked})")
    else:
        what = f"their own words may leave for 24 hours only: no Human Agent permission ({asked})"
        yield Check("warning", f"{PLACE} staff", what, f"{REVIEW} staff are asked to call")
    if not known.utility:
        what = f"after 24 hours they wait: the Page has no permission for utility messages ({asked})"
        yield Check("warning", f"{PLACE} reminders", what, f"{REVIEW} they leave at the next contact")
    elif not known.templates:
        what = f"after 24 hours they wait: no template is approved ({asked})"
        yield Check("warning", f"{PLACE} reminders", what, "have the reminder's words approved as a template")
    else:
        named = ", ".join(sorted(known.templates))
        yield Check("good", f"{PLACE} reminders", f"approved templates: {named} ({asked})")
