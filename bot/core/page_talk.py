"""What pages of answers and of activities share: what is tapped and typed there, and how one leaves them.

Never knows what a page says.
"""

from collections.abc import Callable

from bot.core import faq_page
from bot.core.effects import Send, Turn
from bot.core.events import Event, Tap, Text
from bot.core.faq_index import Decision, Hit, decide, search
from bot.core.khmer.questions import asks
from bot.core.message import OutMessage
from bot.core.reading import Control, Reading, read
from bot.core.reply import ask_on, follow, tap_seen, understand
from bot.core.session import CALLED
from bot.core.walk import Walk

MOST = 3  # entries to choose among

Named = Callable[[Walk, str], str]  # the key of the button that a text means; empty for none
Pressed = Callable[[Walk, Event, str], Turn | None]  # what that button does; None for no button of the page
Written = Callable[[Walk, Event, str], Turn]  # what other words do


def heard(
    walk: Walk, event: Event, otherwise: str | None, named: Named, pressed: Pressed, written: Written
) -> Turn:
    """What is tapped or written on a page. `otherwise`: the dialog that the words open in its place."""
    body = event.body
    match body:
        case Tap(payload):
            key = payload.partition(":")[2]
        case Text(text) if otherwise is None:
            key = named(walk, text)
        case _:
            key = ""
    if key and (turn := pressed(walk, event, key)) is not None:
        return turn
    found = understand(walk, event)
    if not isinstance(body, Text) or isinstance(found, Control):
        return follow(walk, event, found, otherwise)
    if otherwise is None:
        return written(walk, event, body.text)
    if needs(walk, otherwise):
        besides(walk, body.text)
    return led(walk, event, otherwise)


def led(walk: Walk, event: Event, dialog: str) -> Turn:
    """Where a page leads: it is over."""
    walk.leave(None)
    walk.open(dialog)
    return ask_on(walk, event)


def drawn(walk: Walk, event: Event, draft: tuple[str, ...]) -> Turn:
    """The page of a draft."""
    walk.move(draft=draft, asked=False)
    walk.misses, walk.answered_by = 0, ""
    walk.ask()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def below(walk: Walk, event: Event) -> Reading | None:
    """What the event says to the question that waits below the page; None when none does."""
    frame = walk.frames[-2] if len(walk.frames) > 1 else None
    found = walk.place(frame) if frame is not None and frame.draft != CALLED else None
    if frame is None or found is None:
        return None
    return read(walk.book(frame), found[1], walk.view(frame), frame.draft, event.body, walk.today)


def left(walk: Walk, event: Event) -> Turn:
    """The page is over: what was said is for the question below."""
    walk.leave(None)
    return follow(walk, event, understand(walk, event), None)


def besides(walk: Walk, text: str) -> None:
    """A question that something else takes up, need or a person, is answered all the same."""
    decision, hits = searched(walk, text)
    if decision == "answer" and asks(text):
        tell(walk, hits[0])


def needs(walk: Walk, dialog: str | None) -> bool:
    """Whether the words told of need, which is noted; they may ask something besides."""
    return any(one.rank == "need" and one.dialog == dialog for one in walk.shelf.live.routes)


def searched(walk: Walk, text: str) -> tuple[Decision, tuple[Hit, ...]]:
    """The entries that may answer a question, and how sure that is."""
    hits = search(walk.shelf.live.faq.index, text, MOST)
    return decide(hits, text), hits


def tell(walk: Walk, hit: Hit) -> None:
    """The answer, as a message of its own; an edit of the question corrects nothing."""
    entry = walk.shelf.live.faq.entries[hit.entry]
    lines = faq_page.answer(walk.shelf, entry, walk.today)
    walk.effects.append(Send(OutMessage(walk.shelf.live.digest, lines)))
    walk.effects.append(faq_page.shown(walk.shelf, entry, walk.today))
    walk.answered_by = ""
