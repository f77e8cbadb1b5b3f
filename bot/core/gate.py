"""The gate of a shared phone: who is writing, their code of pictures, and whose the address is from here on.

Never shows anything that was said before it opens, and never keeps a word that was said at it.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.core import activity_talk, activity_theirs, answering, asking, code, letters, linking, who
from bot.core.answers import Skipped
from bot.core.contact import Companion
from bot.core.decisions import Aloud, AtGate, Decision
from bot.core.dialog import ActivitiesNode, CodeNode, FaqNode, WhoNode
from bot.core.effects import DropWords, HandOver, HoldMedia, Send, Turn
from bot.core.events import Body, Command, Event, Media, Returned, Start, Tap, Text
from bot.core.message import Line
from bot.core.reply import ask_on, hear, tap_seen
from bot.core.session import Session
from bot.core.walk import Walk

HELD_FOR = timedelta(minutes=10)  # who lays the phone down longer may hand it to somebody else


def meet(walk: Walk, event: Event, *, held: bool) -> Turn | None:
    """Shut the gate on an event that found it open, ask who is writing; None when that was asked already.

    `held`: what was said is taken up once we know.
    """
    walk.effects.append(DropWords())
    walk.shut()
    if walk.frame.asked:
        if not _answers(walk, event.body):
            walk.hold(None)
        return None
    if held:
        _hold(walk, event)
    return ask_on(walk, event)


def waits(session: Session, now: datetime) -> bool:
    """Whether what was said at the gate is still of whoever answers it now."""
    said = session.held_at
    return session.held is not None and said is not None and timedelta(0) <= now - said < HELD_FOR


def waiting(session: Session, decision: Decision, now: datetime) -> Session:
    """The session before a decision is done: what was said at the gate waits only for the gate."""
    if waits(session, now) and isinstance(decision, AtGate | Aloud):
        return session
    return replace(session, held=None, held_at=None)


def _answers(walk: Walk, body: Body) -> bool:
    """Whether it is said in answer to the gate, so that it is still the one who spoke before."""
    match body, walk.current[1].kind:
        case Tap(payload), _:
            return payload == walk.tapped or payload.partition(":")[0] == str(walk.turn)
        case Text(edits=None), WhoNode():
            return who.read(walk.shelf.live, walk.view(), body) is not None
        case Text(edits=None), CodeNode():
            return code.given(walk.book(walk.frame), walk.frame.draft, body) is not None
        case _:
            return False


def _hold(walk: Walk, event: Event) -> None:
    walk.hold(None)
    match body := event.body:
        case Tap() | Start() if letters.of(event) is not None:
            walk.hold(body)
        case Text(edits=None) | Command():
            walk.hold(body)
        case Media(ref=ref, kind=kind, mime=mime, size=size):
            walk.hold(body)
            walk.effects.append(HoldMedia(ref, kind, mime, size))
        case _:
            pass


def returned(walk: Walk, event: Event) -> Turn:
    """Whoever has the phone says that they are this person: their code, if they set one, then they are in."""
    walk.shut()
    walk.move(node=walk.shelf.book(walk.frame.release).dialogs[walk.frame.dialog].start, draft=(), history=())
    walk.take(Skipped(), ())
    return ask_on(walk, event)


def heard(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    """Read the event as an answer to the waiting question, which may be the gate's."""
    if otherwise is None and (theirs := activity_theirs.heard(walk, event)) is not None:
        return theirs
    _, node = walk.current
    match node.kind:
        case WhoNode():
            return _who(walk, event)
        case CodeNode() as kind:
            return _code(walk, event, kind)
        case FaqNode():
            return answering.heard(walk, event, otherwise)
        case ActivitiesNode():
            return activity_talk.heard(walk, event, otherwise)
        case _:
            return answering.answered(walk, event, otherwise)


def _who(walk: Walk, event: Event) -> Turn:
    match who.read(walk.shelf.live, walk.view(), event.body):
        case "me":
            walk.take(Skipped(), ())
            return ask_on(walk, event)
        case "new":
            start = Start(language_hint=walk.contact.language)
            return _hand_over(walk, event, None, start)
        case Companion(other):
            return _hand_over(walk, event, other, Returned())
        case None:
            return hear(walk, event, None)


def _hand_over(walk: Walk, event: Event, contact: int | None, otherwise: Body) -> Turn:
    walk.effects.append(HandOver(contact, walk.held or otherwise))
    walk.hold(None)
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


# --- the code ----------------------------------------------------------------------------------


def _code(walk: Walk, event: Event, kind: CodeNode) -> Turn:
    walk.effects.append(DropWords())
    body = event.body
    if kind.forgotten and isinstance(body, Tap) and body.payload.endswith(f":{code.FORGOTTEN}"):
        walk.go(kind.forgotten)
        return ask_on(walk, event)
    draft = code.given(walk.book(walk.frame), walk.frame.draft, body)
    if draft is None:
        return hear(walk, event, None)
    if not (kind.new or kind.link) and walk.code_wait is not None and walk.now < walk.code_wait:
        walk.notes.append(Line("bot.code-wait", {"time": walk.code_wait}))
        return _redrawn(walk, event, ())
    draft = draft[: code.LENGTH * (2 if kind.new else 1)]
    if len(draft) < code.LENGTH * (2 if kind.new else 1):
        return _redrawn(walk, event, draft)
    fault = _fault(walk, kind, draft)
    if fault is not None:
        walk.notes.append(fault)
        if kind.link and walk.contact.link is None:
            walk.leave(None)
            return ask_on(walk, event)
        return _redrawn(walk, event, ())
    if isinstance(body, Tap):  # its pictures go, and nothing tells which was the last
        walk.move(draft=draft)
        done = asking.question(walk.asked(), replaces=body.message, aloud=False)
        walk.effects.append(Send(replace(done, buttons=(), controls=())))
    walk.take(Skipped(), ())
    return ask_on(walk, event)


def _fault(walk: Walk, kind: CodeNode, draft: tuple[str, ...]) -> Line | None:
    if kind.link:
        return linking.tried(walk, draft)
    return _set(walk, draft) if kind.new else _tried(walk, draft)


def _redrawn(walk: Walk, event: Event, draft: tuple[str, ...]) -> Turn:
    walk.move(draft=draft, asked=True)
    walk.misses = 0
    walk.ask(event.body.message if isinstance(event.body, Tap) else "", aloud=False)
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _set(walk: Walk, draft: tuple[str, ...]) -> Line | None:
    if draft[: code.LENGTH] != draft[code.LENGTH :]:
        return Line("bot.code-differs")
    walk.code, walk.code_misses, walk.code_wait = draft[: code.LENGTH], 0, None
    return None


def _tried(walk: Walk, draft: tuple[str, ...]) -> Line | None:
    if draft == walk.code:
        walk.code_misses, walk.code_wait = 0, None
        return None
    walk.code_misses += 1
    if walk.code_misses < code.WRONG_AT_MOST:
        return Line("bot.code-wrong")
    walk.code_misses, walk.code_wait = 0, walk.now + code.WAIT
    return Line("bot.code-wait", {"time": walk.code_wait})
