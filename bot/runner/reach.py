"""Where we write to a person of several addresses by ourselves: where they wrote last, if we may write there.

Never moves a part that waits already.
"""

from collections.abc import Container, Mapping
from datetime import datetime

from sqlalchemy import Connection

from bot.core.channel import Capabilities
from bot.core.reach import Reach, best
from bot.core.window import Kind
from bot.runner.kit import Kit
from storage import link
from storage.people import Person

PULLED = frozenset({"webchat"})  # a page shows nothing until somebody opens it: nobody is reached there


def reached(
    conn: Connection,
    person: Person,
    speaks: Mapping[str, Capabilities],
    kind: Kind,
    now: datetime,
    *,
    avoid: Container[str] = (),
) -> Person:
    """The person at the address where they can be reached best.

    `speaks`: capabilities by channel name. `avoid`: accounts that are taken only where there is no other.
    """
    if not person.contact.linked or not person.contact.present:
        return person
    known = [one for one in link.places(conn, person.contact.id) if _channel(one.account) in speaks]
    known = [one for one in known if not one.blocked] or known
    open_ = [one for one in known if not one.shut] or known
    open_ = [one for one in open_ if one.account not in avoid] or open_
    places = [Reach(one.address, speaks[_channel(one.account)].window, one.standing) for one in open_]
    chosen = best(places, kind, now)
    return (
        person
        if chosen is None or chosen.address == person.address_id
        else link.at(conn, person, chosen.address)
    )


def speaks(kit: Kit) -> dict[str, Capabilities]:
    """What each channel of this installation can show, by its name."""
    return {one.capabilities.channel: one.capabilities for one in kit.channels.values()}


def _channel(account: str) -> str:
    return account.partition(":")[0]
