"""One step being written: whose it is, what is said in it, and its parts as outbox rows.

Never decides anything and never applies an effect (`commit` does).
"""

from dataclasses import dataclass, field, replace
from datetime import datetime

from sqlalchemy import Connection

from bot.channels.channel import Gesture
from bot.core import effects as fx
from bot.core.channel import Capabilities, Part
from bot.core.contact import Contact
from bot.core.events import Event
from bot.core.message import Line, OutMessage, Verbatim
from bot.runner.forms import dump_part
from bot.runner.kit import Kit, Leases
from bot.runner.phone.looking import Looked
from bot.runner.render import Voice, render
from bot.runner.voices import as_parts, sounds, told
from bot.scripts import Release
from storage import outbox
from storage.link import Opened
from storage.outbox import Draft, Lane, OutRow
from storage.people import Person


@dataclass(slots=True)
class Step:
    """One step being written, under the Release `live`. `uploaded`: the bytes that came with the event.

    `safety`: danger words brought it. `restricted`: what is said in it is for the safeguarding role only.
    `private`: it is in a private dialog, so that the inbox row tells no place. `reason`: of the inbox row.
    `handed`: the address is another person's from here on. `hides`: what the first part deletes on the
    platform before it is shown. `instead`: what is said in place of messages, for what was not done (None:
    nothing). `opened`: the one-time link that is being opened. `splits`: the person leaves the address that
    is handed over for good. `moved`: they wrote last from another address of theirs. `looked`: what was
    counted for it beforehand.
    """

    conn: Connection
    kit: Kit
    live: Release
    person: Person
    event: Event
    now: datetime
    uploaded: bytes | None = None
    facts: dict[str, str | datetime] = field(default_factory=dict)
    parts: list[Part] = field(default_factory=list)
    gestures: list[Gesture] = field(default_factory=list)
    words_kept: bool = True
    safety: bool = False
    reason: str = ""
    restricted: bool = False
    private: bool = False
    handed: fx.HandOver | None = None
    hides: str = ""
    instead: dict[str, Line | None] = field(default_factory=dict)
    opened: Opened | None = None
    splits: bool = False
    moved: bool = False
    looked: Looked = None

    @property
    def capabilities(self) -> Capabilities:
        """Of the channel that the event came by."""
        return self.kit.channels[self.person.account].capabilities

    @property
    def contact(self) -> Contact:
        """The person, as the step has changed them so far."""
        return self.person.contact


@dataclass(frozen=True, slots=True)
class Written:
    """What the step left behind: outbox rows born claimed by this process, and gestures to make."""

    rows: tuple[OutRow, ...] = ()
    gestures: tuple[Gesture, ...] = ()
    queued: bool = False  # parts wait in the store for whoever claims them


def voice(step: Step, release: str | None) -> Voice:
    """The voice of a Release (the live one when it is gone) in the person's language."""
    found = _release(step, release)
    return Voice(found.words, step.live.words, found.book, step.contact.language, step.facts)


def _release(step: Step, digest: str | None) -> Release:
    return (step.kit.library.get(step.conn, digest) if digest else None) or step.live


def say(step: Step, message: OutMessage) -> tuple[Part, ...]:
    """A message in words, fitted to the person's channel, with the recordings of its lines."""
    if step.instead:
        said_now = (_instead(step, line) for line in message.lines)
        message = replace(message, lines=tuple(line for line in said_now if line is not None))
    said = voice(step, message.release)
    lines = [line.id for line in message.lines if isinstance(line, Line)]
    heard = sounds(lines, _release(step, message.release), step.live, step.contact.language)
    first = step.contact.listens and message.aloud
    return told(render(message, said), heard, said, step.capabilities, first=first)


def _instead(step: Step, line: Line | Verbatim) -> Line | Verbatim | None:
    """What is said in its place has its arguments too."""
    if not isinstance(line, Line) or line.id not in step.instead:
        return line
    known = step.instead[line.id]
    return None if known is None else Line(known.id, {**line.args, **known.args})


def speak(step: Step, release: str, messages: tuple[str, ...]) -> tuple[Part, ...]:
    """The recordings that a person asked for; where there is none any more they are told so."""
    heard = sounds(messages, _release(step, release), step.live, step.contact.language)
    if not heard or not step.capabilities.documents:
        return say(step, OutMessage(step.live.digest, (Line("bot.no-recording"),)))
    return as_parts(heard)


def put_parts(step: Step, cause: str, leases: Leases) -> Written:
    """The step's parts as outbox rows; born claimed when nothing earlier waits elsewhere."""
    gestures = tuple(step.gestures)
    if not step.parts:
        return Written(gestures=gestures)
    if step.hides:
        step.parts[0] = replace(step.parts[0], hides=step.hides)
    drafts = [Draft(f"{cause}:{at}", Lane.REPLY, dump_part(part)) for at, part in enumerate(step.parts)]
    person, kit = step.person, step.kit
    lease = None
    leased = person.contact.present and leases.may_lease(
        person.contact.id, person.account, unsent=person.unsent
    )
    if leased:
        lease = (kit.worker, step.now + kit.lease)
    first, restricted = person.seq + 1, step.restricted
    rows = outbox.add(
        step.conn, person, drafts, first_seq=first, now=step.now, lease=lease, restricted=restricted
    )
    return Written(tuple(rows), gestures) if lease else Written(gestures=gestures, queued=True)
