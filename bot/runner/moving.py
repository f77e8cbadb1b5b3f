"""Parts that go with their person to another app: fitted again to what that one shows, in their order.

Never sends, and never touches what a sender has in hand.
"""

from collections.abc import Callable, Container, Sequence
from datetime import datetime
from functools import partial
from typing import NamedTuple

import structlog
from sqlalchemy import Connection

from bot.core.channel import Capabilities, Part
from bot.core.contact import Language
from bot.core.refitting import abroad, refit
from bot.runner import calls
from bot.runner.forms import dump_part, load_part
from bot.runner.notice import Desk
from storage import chats, link, moving, people
from storage.moving import Moving
from storage.people import Person

log = structlog.get_logger()

CANNOT = "this app cannot show it"


class Going(NamedTuple):
    """A part as it was, and the parts that it becomes. `was` None: nobody can read it; it goes as it is."""

    waits: Moving
    was: Part | None = None
    said: tuple[Part, ...] = ()

    @property
    def numbers(self) -> int:
        """How many it takes."""
        return 1 if self.was is None else len(self.said)


def go(
    conn: Connection, desk: Desk, person: Person, parts: Sequence[int], first_seq: int, now: datetime
) -> int:
    """Queue what waits for a person, in this order, to where they are; how many numbers it took.

    What staff typed and this app cannot carry becomes a call.
    """
    return _put(conn, desk, person, _fitted(conn, desk, person, parts), first_seq, now)


def split(  # noqa: PLR0913, PLR0917 - whose address becomes whose
    conn: Connection,
    desk: Desk,
    person: Person,
    to: int | None,
    language: Language,
    now: datetime,
    take: Callable[[int], int] | None = None,
) -> None:
    """Hand the address where a person is to somebody else for good; what waits is fitted to their other one.

    `take`: the first of so many new numbers, asked for once something does not fit; from the store, unless
    a step of theirs is being written.
    """
    came = moving.queued(conn, person)
    other = link.split(conn, desk.vault, person, to, language, now)
    if other is None:
        return
    going = _fitted(conn, desk, other, moving.queued(conn, other), came)
    if any(one.was is not None and one.said != (one.was,) for one in going):
        take = take or partial(people.take_seq, conn, person.contact.id)
        _put(conn, desk, other, going, take(sum(one.numbers for one in going)), now)


def _fitted(
    conn: Connection, desk: Desk, person: Person, parts: Sequence[int], came: Container[int] = ()
) -> list[Going]:
    capabilities = desk.capabilities.get(person.account.partition(":")[0])
    return [
        _again(one, capabilities, moved=one.account != person.account_id or one.id in came)
        for one in moving.opened(conn, person, parts)
    ]


def _again(waits: Moving, capabilities: Capabilities | None, *, moved: bool) -> Going:
    if waits.body is None or capabilities is None:
        return Going(waits)
    try:
        part = load_part(waits.body)
    except Exception as error:  # noqa: BLE001 - the sender will find the same, and end it; no words are logged
        log.error("part unreadable", part=waits.id, error=type(error).__name__)  # noqa: TRY400
        return Going(waits)
    return Going(waits, part, refit(abroad(part) if moved else part, capabilities))


def _put(
    conn: Connection, desk: Desk, person: Person, going: Sequence[Going], first_seq: int, now: datetime
) -> int:
    seq = first_seq
    for one in going:
        if one.numbers:
            moving.go(conn, person, one.waits, [dump_part(part) for part in one.said], seq)
            seq += one.numbers
            continue
        moving.fail(conn, one.waits, CANNOT)
        if one.was is not None and one.was.typed:
            calls.ask(conn, desk, person.contact.id, chats.holder(conn, person.contact.id), now)
    return seq - first_seq
