"""The pure engine: one event in, the next session and what should follow out.

Never waits, stores, sends or looks at a clock: `advance` is a function of its arguments.
"""

from dataclasses import replace
from datetime import datetime

from bot.core import letter_talk, linking, on_duty
from bot.core.activity_draft import answering
from bot.core.book import Shelf
from bot.core.contact import Contact, Language
from bot.core.decisions import (
    Aloud,
    AtGate,
    Flooded,
    FromLetter,
    Open,
    StaffAtWork,
    Switch,
    ToQuestion,
    ToStaff,
)
from bot.core.dialog import NameNode, TextNode
from bot.core.effects import (
    AtDesk,
    CaseOpened,
    DropWords,
    Effect,
    LanguageChosen,
    Send,
    Speak,
    Turn,
)
from bot.core.events import (
    Command,
    Event,
    Joined,
    Location,
    Media,
    Reacted,
    Returned,
    Start,
    Tap,
    Text,
    Unknown,
    automatic,
)
from bot.core.gate import heard, meet, returned, waiting
from bot.core.message import Line, OutMessage
from bot.core.offering import offer, unasked
from bot.core.privacy import privately
from bot.core.reply import ask_on, edited, kept, tap_seen
from bot.core.route import counted, danger_told, greets, route
from bot.core.session import Session
from bot.core.signals import followed
from bot.core.unkept import remember
from bot.core.walk import Walk
from bot.core.who import locked


def advance(shelf: Shelf, contact: Contact, session: Session, event: Event, now: datetime) -> Turn:
    """Decide what one event means for one person."""
    if automatic(event):
        return followed(event, Walk(shelf, contact, session, now))
    if isinstance(event.body, Reacted):  # a sign of life, which says neither who it is nor anything else
        return Turn(session)
    taken = _watched if event.standby else _taken
    turn = privately(shelf, session, taken(shelf, contact, session, event, now))
    return remember(turn, event, now)


def _taken(shelf: Shelf, contact: Contact, session: Session, event: Event, now: datetime) -> Turn:
    if isinstance(event.body, Returned | Joined):
        walk = Walk(shelf, contact, replace(_begun(session, now), seen_at=now), now)
        return returned(walk, event) if isinstance(event.body, Returned) else linking.joined(walk, event)
    shut = locked(session, contact, now, working=on_duty.guarded(contact, event))
    session = replace(counted(_begun(session, now), event, now), seen_at=now, locked=shut)
    if isinstance(event.body, Start) and event.body.link:
        return _opened(Walk(shelf, contact, session, now), event)
    decision = route(shelf.live, contact, session, event)
    session = waiting(session, decision, now)
    match decision:
        case Aloud(messages):
            return _aloud(Walk(shelf, contact, session, now), event, messages)
        case Flooded(first):
            wait = OutMessage(shelf.live.digest, (Line("bot.please-wait"),))
            effects: tuple[Effect, ...] = (DropWords(), Send(wait)) if first else (DropWords(),)
            return Turn(session, (*effects, *tap_seen(event)))
        case ToStaff():
            return Turn(session, (*kept(event), *tap_seen(event)), private=False)
        case StaffAtWork():
            return Turn(session, (DropWords(), AtDesk(event.body), *tap_seen(event)), private=False)
        case Open(name, private):
            return _routed(Walk(shelf, contact, session, now), event, name, private=private)
        case FromLetter(letter):
            return letter_talk.taken(Walk(shelf, contact, session, now), event, letter)
        case AtGate(held):
            walk = Walk(shelf, contact, session, now)
            return meet(walk, event, held=held) or _at_gate(walk, event)
        case Switch(language):
            return _switched(Walk(shelf, contact, session, now), event, language)
        case ToQuestion(otherwise, then):
            walk = Walk(shelf, contact, session, now)
            walk.then = then
            return _answered(walk, event, otherwise)


def _routed(walk: Walk, event: Event, dialog: str, *, private: bool) -> Turn:
    """A dialog that words or a command open."""
    if private:
        walk.effects.append(DropWords(safety=True))
    walk.open(dialog)
    return ask_on(walk, event)


def _opened(walk: Walk, event: Event) -> Turn:
    """A one-time link; where it leads nowhere, that is said before the usual start."""
    refused = linking.refused(walk)
    if refused is None:
        return linking.opened(walk, event)
    shelf, contact = walk.shelf, walk.contact
    turn = _taken(shelf, contact, refused.session, linking.plain(event), walk.now)
    return replace(turn, effects=(*refused.effects, *turn.effects))


def _aloud(walk: Walk, event: Event, messages: tuple[str, ...]) -> Turn:
    """Recordings that were asked for; the conversation stands where it stood."""
    walk.settle()
    release = walk.frame.release if walk.frames else walk.shelf.live.digest
    if not messages and walk.frames:
        question = walk.question()
        release = question.release
        messages = tuple(line.id for line in question.lines if isinstance(line, Line))
    return Turn(walk.before, (*tap_seen(event), Speak(release, messages)))


def _watched(shelf: Shelf, contact: Contact, session: Session, event: Event, now: datetime) -> Turn:
    """Staff have the chat elsewhere: it is kept. Danger does what its dialog does, without a word."""
    seen = replace(_begun(session, now), seen_at=now, locked=locked(session, contact, now))
    danger = danger_told(shelf.live, seen, event)
    if danger is None:
        return Turn(seen, kept(event), private=False)
    walk = Walk(shelf, contact, seen, now)
    walk.effects.append(DropWords(safety=True))
    walk.open(danger)
    walk.ask_next()
    done = tuple(one for one in walk.effects if isinstance(one, CaseOpened | DropWords))
    return Turn(seen, done, private=True)


def _switched(walk: Walk, event: Event, language: Language) -> Turn:
    """The same question again in the other language; silence while a person has the chat."""
    newcomer = not walk.contact.language_chosen
    walk.contact = replace(walk.contact, language=language, language_chosen=True)
    walk.effects.append(LanguageChosen(language))
    walk.settle()
    if walk.contact.handled_by_staff:
        return Turn(walk.finish(), tuple(walk.effects))
    if walk.frames and walk.frame.dialog == walk.shelf.live.first:
        walk.go(walk.current[1].next)
    elif newcomer:
        walk.meet_after_language()
    return ask_on(walk, event)


def _begun(session: Session, now: datetime) -> Session:
    """Turns of a new session begin anywhere, so that buttons from before an erasure fit no new question."""
    return session if session.turn else replace(session, turn=1000 + int(now.timestamp()) % 9000)


def _at_gate(walk: Walk, event: Event) -> Turn:
    """An answer to the gate's own question; anything else hears it again."""
    match event.body:
        case Tap() as tap:
            return _tapped(walk, event, tap)
        case Text(edits=None):
            return heard(walk, event, None)
        case _:
            walk.ask()
            return Turn(walk.finish(), tuple(walk.effects))


# --- what the person wrote -------------------------------------------------------------------------


def _answered(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    walk.settle()
    body = event.body
    match body:
        case _ if isinstance(body, Start) or greets(walk.shelf.live, event):
            return _started(walk, event)
        case Media() if unasked(walk, body):
            return offer(walk, event, body)
        case _ if not walk.frames or not walk.frame.asked:
            if walk.frames and otherwise is not None:
                walk.open(otherwise)
            return ask_on(walk, event)
        case Command():
            walk.open(walk.shelf.live.home)
            return ask_on(walk, event)
        case Tap():
            return _tapped(walk, event, body)
        case Text(edits=str()):
            return edited(walk, event, body)
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
    """`/start`: a newcomer begins, someone inside a dialog is welcomed back to the question.

    Who has told nothing yet and agreed to nothing is new, whatever is being asked.
    """
    if not walk.frames or not walk.contact.language_chosen:
        walk.frames = []
        return ask_on(walk, event)
    contact = walk.contact
    met = contact.consents or contact.declined or walk.before.submissions
    walk.note("bot.welcome-back" if met else "bot.hello")
    if not walk.frame.asked:  # what stood above it is over
        return ask_on(walk, event)
    walk.ask()
    return Turn(walk.finish(), tuple(walk.effects))


def _tapped(walk: Walk, event: Event, tap: Tap) -> Turn:
    turn = tap.payload.partition(":")[0]
    if turn != str(walk.turn):
        seen = tap_seen(event)
        if tap.payload == walk.tapped:
            return Turn(walk.finish(), (*seen, *walk.effects))
        walk.note("bot.stale")
        walk.ask()
        return Turn(walk.finish(), (*seen, *walk.effects))
    before = walk.turn
    result = heard(walk, event, None)
    if result.session.turn != before and DropWords() not in result.effects:
        result = replace(result, session=replace(result.session, tapped=tap.payload))
    return result


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
        if node.stays and body.kind in ("voice", "audio") and answering(walk.frame.draft) is None:
            walk.effects.extend(kept(event))
            walk.note("bot.heard")
            walk.open(walk.shelf.live.person)
            return ask_on(walk, event)
    return heard(walk, event, otherwise)
