"""Who takes an event: danger, stop and erase, a person who has the chat, the waiting question, the menu.

Never walks the script and never answers.
"""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from bot.core.book import Book, Route
from bot.core.contact import LANGUAGES, Contact, Language
from bot.core.dialog import NameNode, TextNode
from bot.core.events import Command, Event, Media, Reachable, SharedContact, Start, Tap, Text, WaitExpired
from bot.core.khmer.fold import fold
from bot.core.session import Session

FLOOD_COUNT = 20  # messages …
FLOOD_WINDOW = timedelta(seconds=10)  # … in this time get one "please wait" (facts: security 2.4.1)
FLOOD_MUTE = timedelta(seconds=60)
LANGUAGE = "language"  # the command that may carry `km` or `en`


@dataclass(frozen=True, slots=True)
class Open:
    """A dialog is opened by words or a command. `rank` as in the script; `private`: keep no words."""

    dialog: str
    private: bool


@dataclass(frozen=True, slots=True)
class ToStaff:
    """A person has the chat: keep the message, say nothing."""


@dataclass(frozen=True, slots=True)
class ToQuestion:
    """The waiting question reads it. `otherwise`: the dialog that its words open if that fails."""

    otherwise: str | None = None


@dataclass(frozen=True, slots=True)
class Flooded:
    """Too many messages. `first`: say so once."""

    first: bool


@dataclass(frozen=True, slots=True)
class Switch:
    """The person reads another language from now on (`/language en`, the page's switch)."""

    language: Language


Decision = Open | ToStaff | ToQuestion | Flooded | Switch


def route(live: Book, contact: Contact, session: Session, event: Event) -> Decision:
    """The decision of the live Book on one event; `session` already counts it (`counted`)."""
    words = _words(event)
    if (found := _match(live, event, words, "danger")) is not None:
        return Open(found.dialog, private=True)
    if (found := _match(live, event, words, "control")) is not None:
        return Open(found.dialog, private=False)
    if session.burst_count >= FLOOD_COUNT and not contact.handled_by_staff:
        return Flooded(first=session.burst_count == FLOOD_COUNT)
    if isinstance(event.body, Command) and event.body.name == LANGUAGE:
        for language in LANGUAGES:
            if event.body.argument == language:
                return Switch(language)
    if contact.handled_by_staff and not (isinstance(event.body, Tap) and _in_urgent_dialog(live, session)):
        return ToStaff()
    found = _match(live, event, words, "open")
    if found is not None and (isinstance(event.body, Command) or _open_question(live, session)):
        return Open(found.dialog, private=False)
    return ToQuestion(found.dialog if found else None)


def greets(live: Book, event: Event) -> bool:
    """Whether it only says hello."""
    return isinstance(event.body, Text) and _words(event) in _keys(live.greetings)


def dangerous(live: Book, event: Event) -> bool:
    """Whether its words take the danger route, and so are kept nowhere."""
    return _match(live, event, _words(event), "danger") is not None


def _words(event: Event) -> str:
    """What was written, as a search key: a message or the caption of a picture."""
    match event.body:
        case Text(text):
            return fold(text)
        case Media(caption=caption):
            return fold(caption)
        case _:
            return ""


def counted(session: Session, event: Event, now: datetime) -> Session:
    """The session with this event in its flood window; taps on the current buttons are no flood."""
    start = session.burst_start
    span = FLOOD_MUTE if session.burst_count >= FLOOD_COUNT else FLOOD_WINDOW
    if start is not None and not timedelta(0) <= now - start < span:
        start, session = None, replace(session, burst_start=None, burst_count=0)
    match event.body:
        case Text() | Media() | SharedContact() | Start() | Command():
            pass
        case Tap(payload) if payload.partition(":")[0] != str(session.turn):
            pass
        case _:
            return session
    if start is None:
        return replace(session, burst_start=now, burst_count=1)
    return replace(session, burst_count=session.burst_count + 1)


def automatic(event: Event) -> bool:
    """Whether our own agenda or the platform made the event, not the person."""
    return isinstance(event.body, WaitExpired | Reachable)


def _match(live: Book, event: Event, words: str, rank: str) -> Route | None:
    for one in live.routes:
        if one.rank != rank:
            continue
        if isinstance(event.body, Command) and event.body.name in one.commands:
            return one
        if words and _says(one, words):
            return one
    return None


def _says(one: Route, words: str) -> bool:
    keys = _keys(one.phrases)
    if one.exact:
        return words in keys
    spaced, joined = f" {words} ", words.replace(" ", "")
    return any(key.replace(" ", "") in joined if _is_khmer(key) else f" {key} " in spaced for key in keys)


def _is_khmer(key: str) -> bool:
    """Khmer is written with or without spaces; in Latin letters a phrase begins and ends at words."""
    return any("\u1780" <= letter <= "\u17ff" or "\u0e00" <= letter <= "\u0e7f" for letter in key)


@cache
def _keys(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases as search keys, folded once."""
    return tuple(key for phrase in phrases if (key := fold(phrase)))


def _in_urgent_dialog(live: Book, session: Session) -> bool:
    return bool(session.frames) and session.frames[-1].dialog in live.urgent


def _open_question(live: Book, session: Session) -> bool:
    """Whether the waiting question takes any words, so that known words must come first."""
    if not session.frames:
        return True
    frame = session.frames[-1]
    dialog = live.dialogs.get(frame.dialog)
    node = dialog.nodes.get(frame.node) if dialog else None
    return node is not None and isinstance(node.kind, TextNode | NameNode)
