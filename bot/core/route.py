"""Who takes an event: danger, stop and erase, a person who has the chat, the waiting question, the menu.

Never walks the script and never answers.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

from bot.core import letters, on_duty, speech
from bot.core.book import Book, Route
from bot.core.contact import LANGUAGES, Contact, Language
from bot.core.decisions import (
    Aloud,
    AtGate,
    Decision,
    Flooded,
    FromLetter,
    Open,
    StaffAtWork,
    Switch,
    ToQuestion,
    ToStaff,
)
from bot.core.dialog import ActivitiesNode, MediaNode, NameNode, Node, TextNode
from bot.core.events import Command, Event, Media, SharedContact, Start, Tap, Text
from bot.core.khmer.fold import fold
from bot.core.khmer.refusals import refused
from bot.core.outline import choices_of
from bot.core.safety import alarm, phrases
from bot.core.safety_phrase import Alarm
from bot.core.session import Session

FLOOD_COUNT = 20  # messages …
FLOOD_WINDOW = timedelta(seconds=10)  # … in this time get one "please wait" (facts: security 2.4.1)
FLOOD_MUTE = timedelta(seconds=60)
LANGUAGE = "language"  # the command that may carry `km` or `en`
HIDE = "hide"  # the command that a button with this key is, too
STOP = "stop"  # the command that may carry what is to stop: `/stop fairs` is as good as `stop fairs`
OFF = "a:off:"  # what the payload of a button begins with that is the command `stop-<purpose>`


def route(live: Book, contact: Contact, session: Session, event: Event) -> Decision:
    """The decision of the live Book on one event; `session` already counts it (`counted`)."""
    if isinstance(event.body, Tap) and (asked := speech.asked(event.body.payload)) is not None:
        return Aloud(asked)
    words = _words(event)
    working = on_duty.at_work(contact, event)
    nobody = session.locked and live.who in live.dialogs  # also with something urgent above the gate
    raised = None if on_duty.writes(contact, event) and not nobody else _alarm(live, session, event)
    if (found := _match(live, event, words, "danger", raised)) is not None:
        return Open(found.dialog, private=True)
    if (found := _match(live, event, words, "control")) is not None:
        return _controlled(live, session, found)
    if _typed_listen(live, event) and not _shut(live, session):
        return Aloud()
    free = contact.handled_by_staff or (working and contact.staff) or _answers(session, event)
    if session.burst_count >= FLOOD_COUNT and not free:
        return Flooded(first=session.burst_count == FLOOD_COUNT)
    if working:
        return AtGate(held=True) if nobody and on_duty.guarded(contact, event) else StaffAtWork()
    if (language := _language(event)) is not None:
        return Switch(language)
    to_bot = _asked_who(live, session) or (isinstance(event.body, Tap) and _in_urgent_dialog(live, session))
    letter = letters.of(event)
    if contact.handled_by_staff and not to_bot and (letter is None or not letters.answers(letter)):
        return ToStaff()
    if _shut(live, session):
        return AtGate(held=True)
    if letter is not None:
        return FromLetter(letter)
    found = _match(live, event, words, "open")
    if found is None and raised is not None:
        return _told(live, session, event, raised)
    return _opened(live, session, event, found)


def _opened(live: Book, session: Session, event: Event, found: Route | None) -> Open | ToQuestion:
    """A dialog by its words or command; where words may answer, the waiting question reads them first."""
    if found is not None and (isinstance(event.body, Command) or _open_question(live, session)):
        return Open(found.dialog, private=False)
    return ToQuestion(found.dialog if found else None)


def danger_told(live: Book, session: Session, event: Event) -> str | None:
    """The dialog that words of danger open; None when there are none."""
    found = _match(live, event, _words(event), "danger", _alarm(live, session, event))
    return found.dialog if found else None


def _told(live: Book, session: Session, event: Event, raised: Alarm) -> Open | ToQuestion:
    """Need and death. Free words answer their question first; a question with choices may know them."""
    found = _match(live, event, "", raised, raised)
    node = _waiting(live, session)
    if found is None:
        return ToQuestion()
    if node is not None and isinstance(node.kind, TextNode | MediaNode):
        return ToQuestion(then=found.dialog)
    return Open(found.dialog, private=False) if _open_question(live, session) else ToQuestion(found.dialog)


def _typed_listen(live: Book, event: Event) -> bool:
    """Whether it is the label of the button that asks to hear: a reply keyboard types it, with any size."""
    if not isinstance(event.body, Text):
        return False
    before = (label.partition("{")[0] for label in live.labels.get("bot.listen", ()))
    return event.body.text.lstrip().startswith(tuple(before))


def _controlled(live: Book, session: Session, found: Route) -> Open | AtGate:
    if found.dialog == live.who:
        return AtGate(held=False)
    waits = found.known and session.locked and live.who in live.dialogs  # also with something urgent above
    return AtGate(held=True) if waits else Open(found.dialog, private=False)


def _language(event: Event) -> Language | None:
    """The language that a command names."""
    if not isinstance(event.body, Command) or event.body.name != LANGUAGE:
        return None
    return next((one for one in LANGUAGES if one == event.body.argument), None)


def greets(live: Book, event: Event) -> bool:
    """Whether it only says hello."""
    return isinstance(event.body, Text) and _words(event) in _keys(live.greetings)


def dangerous(live: Book, event: Event) -> bool:
    """Whether its words take the danger route, and so are kept nowhere."""
    return _match(live, event, _words(event), "danger", _resembled(live, _said(event))) is not None


def _alarm(live: Book, session: Session, event: Event) -> Alarm | None:
    """What the words tell of by the safety lists; a choice of the waiting question is only that."""
    said = _said(event)
    node = _waiting(live, session) if said else None
    if node is not None and node.sensitivity != "S2":
        words = fold(said)
        for choice in choices_of(node).values():
            ways = (*live.labels.get(choice.label, ()), *choice.phrases)
            if any(fold(way) == words for way in ways):
                return None
        if isinstance(node.kind, ActivitiesNode) and words in _keys(sum(node.kind.phrases.values(), ())):
            return None
    return _resembled(live, said)


def _resembled(live: Book, said: str) -> Alarm | None:
    """What words tell of, or seem to; those that open a dialog are known, and only the lists judge them."""
    words = fold(said).replace(" ", "")
    known = bool(words) and any(words in _bare(one) for one in _openings(live))
    return None if known and not phrases(live.safety, said) else alarm(live.safety, said)


def _openings(live: Book) -> Iterator[tuple[str, ...]]:
    """The words that lead somewhere: those of the routes, and those of who does not come to an activity."""
    yield from (one.phrases for one in live.routes)
    pages = live.dialogs.get(live.activities)
    kind = pages.nodes[pages.start].kind if pages else None
    if isinstance(kind, ActivitiesNode):
        yield kind.phrases.get("cannot", ())


def _said(event: Event) -> str:
    """What was written: a message, the caption of a picture, or words beside a command."""
    match event.body:
        case Text(text) | Command(argument=text) | Start(payload=text):
            return text
        case Media(caption=caption):
            return caption
        case _:
            return ""


def _words(event: Event) -> str:
    """What was written, as a search key; what stands beside a command opens nothing, but beside `stop`."""
    match event.body:
        case Text() | Media():
            return fold(_said(event))
        case Command(name, argument) if name == STOP and argument:
            return fold(f"{STOP} {argument}")
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
        case Tap(payload) if not _answers(session, event) and not speech.asked(payload):
            pass
        case _:
            return session
    if start is None:
        return replace(session, burst_start=now, burst_count=1)
    return replace(session, burst_count=session.burst_count + 1)


def _answers(session: Session, event: Event) -> bool:
    """Whether it presses a button of the present question, which nobody can do too often."""
    return isinstance(event.body, Tap) and event.body.payload.partition(":")[0] == str(session.turn)


def _command(event: Event) -> str:
    """A command's name. A button that hides is one, however old its message is and whoever has the chat.

    So is one below a letter that ends what it is sent for, and words that say so.
    """
    match event.body:
        case Command(name):
            return name
        case Tap(payload) if payload.rpartition(":")[2].removeprefix("~") == HIDE:
            return HIDE
        case Tap(payload) if payload.startswith(OFF):
            return f"{STOP}-{payload.removeprefix(OFF)}"
        case Text(text) if (purpose := refused(text)) is not None:
            return f"{STOP}-{purpose}"
        case _:
            return ""


def _match(live: Book, event: Event, words: str, rank: str, raised: Alarm | None = None) -> Route | None:
    command = _command(event)
    for one in live.routes:
        if one.rank != rank:
            continue
        if raised == rank or command in one.commands or (words and words in _keys(one.phrases)):
            return one
    return None


@cache
def _keys(phrases: tuple[str, ...]) -> tuple[str, ...]:
    """The phrases as search keys, folded once."""
    return tuple(key for phrase in phrases if (key := fold(phrase)))


@cache
def _bare(phrases: tuple[str, ...]) -> frozenset[str]:
    """The keys without blanks, which Khmer has anywhere."""
    return frozenset(key.replace(" ", "") for key in _keys(phrases))


def _in_urgent_dialog(live: Book, session: Session) -> bool:
    return bool(session.frames) and session.frames[-1].dialog in live.urgent


def _shut(live: Book, session: Session) -> bool:
    """Whether nobody knows who is writing, and nothing urgent stands open above that question."""
    if not session.locked or live.who not in live.dialogs:
        return False
    names = [frame.dialog for frame in session.frames]
    return live.who not in names or names[-1] == live.who


def _asked_who(live: Book, session: Session) -> bool:
    """Whether the gate has just asked: its answer is awaited also when staff took the chat meanwhile."""
    top = session.frames[-1] if session.frames else None
    return session.locked and top is not None and top.dialog == live.who and top.asked


def _open_question(live: Book, session: Session) -> bool:
    """Whether the waiting question takes any words, so that known words must come first."""
    if not session.frames:
        return True
    node = _waiting(live, session)
    return node is not None and isinstance(node.kind, TextNode | NameNode)


def _waiting(live: Book, session: Session) -> Node | None:
    """The waiting question as the live Book has it."""
    if not session.frames:
        return None
    frame = session.frames[-1]
    dialog = live.dialogs.get(frame.dialog)
    return dialog.nodes.get(frame.node) if dialog else None
