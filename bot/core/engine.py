"""The pure engine: one event in, the next session and what should follow out.

Never waits, stores, sends or looks at a clock: `advance` is a function of its arguments.
"""

from dataclasses import replace
from datetime import datetime

from bot.core import reading
from bot.core.book import Shelf
from bot.core.contact import Contact, Language
from bot.core.dialog import ChoiceNode, NameNode, TextNode
from bot.core.effects import DropWords, Effect, LanguageChosen, Line, OutMessage, ReachChanged, Send, Turn
from bot.core.events import Command, Event, Location, Media, Reachable, Start, Tap, Text, Unknown, WaitExpired
from bot.core.reading import Given
from bot.core.reply import ask_on, hear, kept, take, tap_seen
from bot.core.route import Flooded, Open, Switch, ToQuestion, ToStaff, automatic, counted, greets, route
from bot.core.session import Session
from bot.core.walk import Walk


def advance(shelf: Shelf, contact: Contact, session: Session, event: Event, now: datetime) -> Turn:
    """Decide what one event means for one person."""
    if automatic(event):
        return _automatic(shelf, contact, session, event, now)
    session = counted(_begun(session, now), event, now)
    match route(shelf.live, contact, session, event):
        case Flooded(first):
            wait = OutMessage(shelf.live.digest, (Line("bot.please-wait"),))
            effects: tuple[Effect, ...] = (DropWords(), Send(wait)) if first else (DropWords(),)
            return Turn(session, (*effects, *tap_seen(event)))
        case ToStaff():
            return Turn(session, (*kept(event), *tap_seen(event)))
        case Open(name, private):
            walk = Walk(shelf, contact, session, now)
            if private:
                walk.effects.append(DropWords())
            walk.open(name)
            return ask_on(walk, event)
        case Switch(language):
            return _switched(Walk(shelf, contact, session, now), event, language)
        case ToQuestion(otherwise):
            return _answered(Walk(shelf, contact, session, now), event, otherwise)


def _switched(walk: Walk, event: Event, language: Language) -> Turn:
    """The same question again in the other language; silence while a person has the chat."""
    walk.contact = replace(walk.contact, language=language, language_chosen=True)
    walk.effects.append(LanguageChosen(language))
    walk.settle()
    if walk.contact.handled_by_staff:
        return Turn(walk.finish(), tuple(walk.effects))
    if walk.frames and walk.frame.dialog == walk.shelf.live.first:
        walk.leave(None)
    return ask_on(walk, event)


def _begun(session: Session, now: datetime) -> Session:
    """Turns of a new session begin anywhere, so that buttons from before an erasure fit no new question."""
    return session if session.turn else replace(session, turn=1000 + int(now.timestamp()) % 9000)


# --- signals that the person did not send ---------------------------------------------------------


def _automatic(shelf: Shelf, contact: Contact, session: Session, event: Event, now: datetime) -> Turn:
    match event.body:
        case Reachable(reachable):
            return Turn(session, (ReachChanged(reachable),))
        case WaitExpired(turn) if turn == session.turn and session.frames and session.wake_at is not None:
            return _expired(Walk(shelf, contact, session, now))
        case _:
            return Turn(session)


def _expired(walk: Walk) -> Turn:
    """One gentle reminder; after the second silence the session rests and a person may look."""
    walk.settle()
    if not walk.nudged and walk.may_nudge():
        walk.note("bot.nudge")
        walk.ask()
        walk.nudged = True
        return Turn(walk.finish(), tuple(walk.effects))
    walk.wake_at, walk.nudged = None, True
    for number in walk.unfinished():
        walk.open_case("unfinished", number)
    return Turn(walk.finish(), tuple(walk.effects))


# --- what the person wrote -------------------------------------------------------------------------


def _answered(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    walk.settle()
    body = event.body
    match body:
        case Start():
            return _started(walk, event)
        case _ if greets(walk.shelf.live, event):
            return _started(walk, event)
        case _ if not walk.frames or not walk.frame.asked:
            return ask_on(walk, event)
        case Command():
            walk.open(walk.shelf.live.home)
            return ask_on(walk, event)
        case Tap():
            return _tapped(walk, event, body)
        case Text(edits=str()):
            return _edited(walk, event, body)
        case Media() if body.album and body.album == walk.album:
            return Turn(walk.finish())
        case Location():
            walk.note("bot.location-declined")
            walk.ask()
            return Turn(walk.finish(), tuple(walk.effects))
        case Unknown(_, message):
            if message:
                walk.note("bot.media-unasked")
                walk.ask()
            return Turn(walk.finish(), tuple(walk.effects))
        case _:
            return _spoken(walk, event, otherwise)


def _started(walk: Walk, event: Event) -> Turn:
    """`/start`: a newcomer begins, someone inside a dialog is welcomed back to the question."""
    if walk.frames and walk.contact.language_chosen and walk.frame.asked:
        walk.note("bot.welcome-back")
        walk.ask()
        return Turn(walk.finish(), tuple(walk.effects))
    walk.frames = []
    return ask_on(walk, event)


def _tapped(walk: Walk, event: Event, tap: Tap) -> Turn:
    turn = tap.payload.partition(":")[0]
    if turn != str(walk.turn):
        seen = tap_seen(event)
        if tap.payload == walk.tapped:
            return Turn(walk.finish(), seen)
        walk.note("bot.stale")
        walk.ask()
        return Turn(walk.finish(), (*seen, *walk.effects))
    before = walk.turn
    result = hear(walk, event, None)
    if result.session.turn != before and DropWords() not in result.effects:
        result = replace(result, session=replace(result.session, tapped=tap.payload))
    return result


def _edited(walk: Walk, event: Event, text: Text) -> Turn:
    """An edit of the last message corrects what it said; any other edit changes nothing."""
    if text.edits != walk.answered_by:
        return Turn(walk.finish())
    if walk.misses == 0 and not walk.back():
        return Turn(walk.finish())
    _, node = walk.current
    found = reading.read(walk.book(walk.frame), node, walk.view(), (), text, walk.today)
    if not isinstance(found, Given):
        return Turn(walk.before)
    return take(walk, event, found)


def _spoken(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    body = event.body
    _, node = walk.current
    if walk.rested and isinstance(body, Text) and isinstance(node.kind, TextNode | NameNode):
        walk.note("bot.welcome-back")
        walk.ask()
        return Turn(walk.finish(), tuple(walk.effects))
    if isinstance(body, Text):
        walk.answered_by = body.message
    if isinstance(body, Media):
        walk.album = body.album
        if isinstance(node.kind, ChoiceNode) and node.kind.sticky and body.kind in ("voice", "audio"):
            walk.effects.extend(kept(event))
            walk.note("bot.heard")
            walk.open(walk.shelf.live.person)
            return ask_on(walk, event)
    return hear(walk, event, otherwise)
