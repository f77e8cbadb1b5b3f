"""What a reading leads to: the answer taken, the draft redrawn, a control obeyed, help offered.

Never decides whether the question is the one to ask (`route` and `engine` did).
"""

from bot.core import controls, dialog, reading
from bot.core.answers import Skipped
from bot.core.dialog import MultiChoiceNode, Node, RepeatNode
from bot.core.effects import DropWords, Effect, HoldMedia, KeepMedia, TapAnswered, Turn
from bot.core.events import Event, Media, Tap, Text
from bot.core.message import Line
from bot.core.privacy import private
from bot.core.reading import Control, Drafted, Given, Reading, Unclear
from bot.core.walk import Walk


def ask_on(walk: Walk, event: Event) -> Turn:
    """Walk on to the next question."""
    walk.ask_next()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def tap_seen(event: Event) -> tuple[Effect, ...]:
    """A tap is always answered."""
    body = event.body
    return (TapAnswered(body.query, body.message),) if isinstance(body, Tap) else ()


def kept(event: Event) -> tuple[Effect, ...]:
    """A voice note or file is kept for a person."""
    body = event.body
    return (KeepMedia(body.ref, body.kind, body.mime, body.size),) if isinstance(body, Media) else ()


def hear(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    """Read the event as an answer to the waiting question, and go on from what it says."""
    return follow(walk, event, understand(walk, event), otherwise)


def understand(walk: Walk, event: Event) -> Reading:
    """What the event says to the waiting question."""
    _, node = walk.current
    return reading.read(walk.book(walk.frame), node, walk.view(), walk.frame.draft, event.body, walk.today)


def follow(walk: Walk, event: Event, found: Reading, otherwise: str | None) -> Turn:
    """Go on from what the event says."""
    _, node = walk.current
    match found:
        case Given():
            return take(walk, event, found)
        case Drafted(draft, note):
            return _draft(walk, event, node, draft, note)
        case Control(name):
            return _control(walk, event, name)
        case Unclear():
            return _unclear(walk, event, otherwise, found)


def take(walk: Walk, event: Event, given: Given) -> Turn:
    """Keep an answer and walk on."""
    _, node = walk.current
    body = event.body
    shown: Line | None = None
    release = walk.frame.release
    if given.choice is not None:
        open_ = node.sensitivity != "S2"
        shown = Line("bot.chosen", {"choice": Line(given.choice.label)}) if open_ else Line("bot.answered")
    if isinstance(body, Media):
        walk.effects.append(_media(walk, node, body))
        walk.note("bot.heard")
    if node.sensitivity == "S2" and isinstance(body, Tap):
        walk.effects.append(DropWords())  # which button it was is the answer itself
    walk.misses = 0
    if not isinstance(body, Text):
        walk.answered_by = ""
    walk.take(given.value, given.choice.do if given.choice else ())
    if walk.then is not None and not walk.over:
        walk.open(walk.then)
    walk.ask_next()
    seen = (TapAnswered(body.query, body.message, shown, release),) if isinstance(body, Tap) else ()
    return Turn(walk.finish(), (*seen, *walk.effects))


def _media(walk: Walk, node: Node, body: Media) -> Effect:
    """Kept as the answer to the question; in a private dialog held until its answers are handed over."""
    kept_in = walk.frame.submission is not None and not walk.current[0].passing
    field = node.field if kept_in else None
    number = walk.frame.submission if field else None
    if field and private(walk.shelf, walk.frame):
        return HoldMedia(body.ref, body.kind, body.mime, body.size)
    return KeepMedia(body.ref, body.kind, body.mime, body.size, number, field, walk.frame.index)


def _draft(walk: Walk, event: Event, node: Node, draft: tuple[str, ...], note: str | None) -> Turn:
    """A half-given answer: ticks redraw the same question, a place goes one level deeper."""
    ticking = isinstance(node.kind, MultiChoiceNode)
    walk.move(draft=draft, asked=ticking)
    walk.misses = 0
    if note:
        walk.note(note)
    replaces = event.body.message if ticking and isinstance(event.body, Tap) else ""
    walk.ask(replaces, aloud=False)
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _control(walk: Walk, event: Event, name: str) -> Turn:
    _, node = walk.current
    if (page := controls.page_of(name, walk.frame.page)) is not None:
        return _turned(walk, event, page)
    walk.move(page=0)
    match name:
        case "~skip" if node.optional:
            return take(walk, event, Given(Skipped()))
        case "~back":
            walk.back()
            return ask_on(walk, event)
        case "~why" if node.why:
            walk.notes.append(Line(node.why))
        case "~help":
            walk.notes.append(Line(node.help or "bot.offer-help"))
        case "~person":
            walk.open(walk.shelf.live.person)
            return ask_on(walk, event)
        case "~menu":
            walk.open(walk.shelf.live.home)
            return ask_on(walk, event)
        case controls.AGREE if isinstance(node.kind, dialog.ReviewNode):
            return take(walk, event, Given(Skipped()))
        case controls.AGAIN | controls.NO_MORE if isinstance(node.kind, RepeatNode):
            walk.another(wanted=name == controls.AGAIN)
            return ask_on(walk, event)
        case _ if name.startswith(controls.ITEM) and isinstance(node.kind, dialog.ReviewNode):
            walk.change(name.removeprefix(controls.ITEM))
            return ask_on(walk, event)
        case _:
            return _unclear(walk, event, None, Unclear())
    walk.ask()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _turned(walk: Walk, event: Event, page: int) -> Turn:
    """The same question with other buttons."""
    walk.move(page=page)
    walk.ask(event.body.message if isinstance(event.body, Tap) else "", aloud=False)
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _unclear(walk: Walk, event: Event, otherwise: str | None, found: Unclear) -> Turn:
    """Not understood: words that open a dialog do; else say so, the second time help, the third a person."""
    if otherwise is not None:
        walk.open(otherwise)
        return ask_on(walk, event)
    _, node = walk.current
    walk.move(page=0)
    if found.counts and walk.rested:
        walk.note("bot.welcome-back")  # a greeting after days is no misunderstanding
    elif found.counts:
        walk.misses += 1
        walk.notes.append(retry(node, found.note))
        if found.draft is not None:
            walk.move(draft=found.draft)
        if walk.misses == 2:
            walk.notes.append(Line(node.help or "bot.offer-help"))
        elif walk.misses >= 3:
            walk.note("bot.offer-person")
    elif found.note:
        walk.note(found.note)
    walk.ask()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def edited(walk: Walk, event: Event, text: Text) -> Turn:
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


def retry(node: Node, note: str | None) -> Line:
    """What helps to answer: `note`, the question's own words for it, or what fits its kind."""
    if note:
        return Line(note)
    if node.retry:
        return Line(node.retry)
    match node.kind:
        case dialog.NumberNode(least, most):
            return Line("bot.retry.number", {"least": least, "most": most})
        case dialog.DateNode(precision="month"):
            return Line("bot.retry.month")
        case _:
            return Line(f"bot.retry.{RETRIES[type(node.kind)]}")


RETRIES: dict[type, str] = {
    dialog.ChoiceNode: "choice",
    dialog.MultiChoiceNode: "multi-choice",
    dialog.YesNoNode: "yes-no",
    dialog.TextNode: "text",
    dialog.NameNode: "name",
    dialog.DateNode: "date",
    dialog.PhoneNode: "phone",
    dialog.PlaceNode: "place",
    dialog.MediaNode: "media",
    dialog.WhoNode: "choice",
    dialog.CodeNode: "code",
    dialog.FaqNode: "text",
    dialog.ActivitiesNode: "choice",
    dialog.ReviewNode: "choice",
    dialog.RepeatNode: "yes-no",
}
