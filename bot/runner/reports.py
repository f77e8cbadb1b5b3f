"""What a platform tells of our own sends: a part that arrived after all, receipts, rulings on templates.

Never acts on a name that is not ours for that very address, and changes nothing the second time.
"""

import re
from datetime import datetime
from typing import Final, assert_never

from sqlalchemy import Connection

from bot.channels.channel import Echoed, Receipt, Report, TemplateRuled
from bot.runner.kit import Kit
from storage import grants, settling, standing

_NAME: Final = re.compile(
    r"o([1-9][0-9]{0,17})"
)  # as `window.name_of` makes it; the store's ids have 63 bits


def take(conn: Connection, kit: Kit, report: Report, now: datetime) -> None:
    """Write down one report, in whatever order and however often they come."""
    match report:
        case Echoed(where, name, message):
            named = _NAME.fullmatch(name)
            if named is not None:
                settling.settle(conn, kit.vault, int(named[1]), where, message, now)
        case Receipt(where, until, read):
            standing.received(conn, kit.vault, where, min(until, now), read=read)
        case TemplateRuled(account, key, approved):
            grants.ruled(conn, account, key, approved=approved)
        case _:
            assert_never(report)


def account_of(report: Report) -> str:
    """The account that it is about."""
    return report.account if isinstance(report, TemplateRuled) else report.address.account
