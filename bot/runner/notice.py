"""What is said to somebody outside a step of their own: words of staff, and notices of ours.

Never decides what is said, and never sends: parts wait in the outbox's staff lane.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot.core.channel import Capabilities, Label, Part, Rendered
from bot.core.fitting import fit
from bot.core.message import Line
from bot.core.schedule import QuietHours
from bot.runner.forms import dump_part
from bot.runner.kit import Kit
from bot.runner.library import Library
from bot.runner.reach import reached
from bot.runner.render import Voice
from bot.runner.voices import sounds, told
from storage import outbox, people
from storage.outbox import Draft, Lane
from storage.people import Person
from storage.seal import Vault


@dataclass(frozen=True, slots=True)
class Desk:
    """What saying takes. `capabilities` by channel name; `answer_within` by centre id, else `any_within`.

    `sample`: nobody real is reached. `approve_above`: so many people get an announcement without a second
    person who approves it. `rates`: sends a second, by channel name, where they are limited.
    """

    vault: Vault
    library: Library
    capabilities: Mapping[str, Capabilities]
    quiet_hours: QuietHours
    sample: bool
    answer_within: Mapping[str, timedelta] = field(default_factory=dict)
    any_within: timedelta = timedelta(days=2)
    approve_above: int = 200
    rates: Mapping[str, float] = field(default_factory=dict)

    def within(self, centre: str | None) -> timedelta:
        """How soon a centre promises to answer."""
        return self.answer_within.get(centre or "", self.any_within)


def desk_of(kit: Kit) -> Desk:
    """The same of a serving process."""
    capabilities = {one.capabilities.channel: one.capabilities for one in kit.channels.values()}
    within = kit.answer_within, kit.any_answer_within
    rates = {name.partition(":")[0]: one.rate for name, one in kit.limits.items()}
    return Desk(
        kit.vault,
        kit.library,
        capabilities,
        kit.quiet_hours,
        kit.sample,
        *within,
        approve_above=kit.approve_above,
        rates=rates,
    )


def say(  # noqa: PLR0913 - to whom, what and how
    conn: Connection,
    desk: Desk,
    contact_id: int | None,
    lines: tuple[Line, ...],
    now: datetime,
    *,
    restricted: bool = False,
    button: tuple[str, str] | None = None,
    avoid: Container[str] = (),
) -> Person | None:
    """Say sentences of ours in the person's language.

    `button`: its payload and the message of its label. `avoid`: accounts over which nothing is said.
    """
    person = None if contact_id is None else people.by_id(conn, desk.vault, contact_id)
    if person is None:
        return None
    person = reached(conn, person, desk.capabilities, "automatic", now, avoid=avoid)
    if person.account in avoid:
        return None
    live = desk.library.live(conn)
    voice = Voice(live.words, live.words, live.book, person.contact.language, {})
    said = "\n".join(text for line in lines if (text := voice.say(line)))
    labels = (Label(button[0], voice.say(Line(button[1]))),) if button else ()
    capabilities = _served(desk, person)
    if capabilities is None:
        return None
    heard = sounds([line.id for line in lines], live, live, person.contact.language)
    first = person.contact.listens
    parts = told(Rendered(said, labels), heard, voice, capabilities, first=first)
    return _queue(conn, person, parts, now, restricted=restricted)


def tell(
    conn: Connection, desk: Desk, person: Person, words: Rendered, now: datetime, *, restricted: bool
) -> Person | None:
    """Queue what a member of staff typed for a locked person.

    Whom they went to, where they are reached best; None when they are erasing everything, or on a channel
    not served.
    """
    person = reached(conn, person, desk.capabilities, "typed", now)
    capabilities = _served(desk, person)
    if capabilities is None:
        return None
    parts = tuple(replace(part, typed=True) for part in fit(words, capabilities))
    return _queue(conn, person, parts, now, restricted=restricted)


def _served(desk: Desk, person: Person) -> Capabilities | None:
    return None if person.erasing else desk.capabilities.get(person.account.partition(":")[0])


def _queue(
    conn: Connection, person: Person, parts: tuple[Part, ...], now: datetime, *, restricted: bool
) -> Person:
    number = person.contact.id
    first = people.take_seq(conn, number, len(parts))
    drafts = [
        Draft(f"staff:{number}:{first + at}", Lane.STAFF, dump_part(part)) for at, part in enumerate(parts)
    ]
    outbox.add(conn, person, drafts, first_seq=first, now=now, restricted=restricted)
    return person
