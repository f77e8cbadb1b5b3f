"""Questions of the person answered by heart: in the menu, on the pages of answers, in the middle of anything.

Never stores a question as an answer, never takes an answer for a question, and keeps the waiting question.
"""

from collections.abc import Mapping

from bot.core import faq_page
from bot.core.dialog import ChoiceNode, TextNode
from bot.core.effects import AnswerJudged, QuestionMissed, Send, Turn
from bot.core.events import Event, Tap, Text
from bot.core.faq import Entry
from bot.core.faq_index import Decision, Hit, decide, search
from bot.core.khmer import digits, yesno
from bot.core.khmer.language import written_in
from bot.core.khmer.questions import asks
from bot.core.matching import named
from bot.core.message import Line, OutMessage
from bot.core.privacy import private
from bot.core.reading import Control, Drafted, Given, Reading, Unclear, read
from bot.core.reply import ask_on, follow, tap_seen, understand
from bot.core.session import CALLED
from bot.core.walk import Walk

KEPT = 300  # characters of a question that wait beside "did you mean"
MOST = 3  # entries to choose among …
LEAST, FURTHER = 0.05, 8  # … those at least so likely, and not so many times less than the first
YES_AND_NO: Mapping[tuple[str, ...], tuple[str, str]] = {  # what yes and no mean on a page
    ("suggest",): ("", faq_page.NONE),
    ("answer",): (faq_page.HELPED, faq_page.NOT_HELPED),
    ("sorry",): (f"{faq_page.LEAD}{faq_page.PERSON}", faq_page.TOPICS),
    ("unknown",): (f"{faq_page.LEAD}{faq_page.PERSON}", faq_page.TOPICS),
}


def answered(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    """What was said to any question: its answer, or a question of the person, which is answered by heart."""
    found = understand(walk, event)
    body = event.body
    if isinstance(body, Text) and needs(walk, otherwise or walk.then) and _open(walk):
        besides(walk, body.text)
    elif otherwise is None and walk.then is None and isinstance(body, Text) and _open(walk):
        turn = (
            _taken(walk, event, body.text, found)
            if isinstance(found, Unclear)
            else _beside(walk, event, body.text, found)
        )
        if turn is not None:
            return turn
    return follow(walk, event, found, otherwise)


def heard(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    """What is tapped or written on a page of answers."""
    body = event.body
    match body:
        case Tap(payload):
            key = payload.partition(":")[2]
        case Text(text) if otherwise is None:
            key = _named(walk, text)
        case _:
            key = ""
    if (turn := _pressed(walk, event, key)) is not None:
        return turn
    found = understand(walk, event)
    if not isinstance(body, Text) or isinstance(found, Control):
        return follow(walk, event, found, otherwise)
    if otherwise is not None:
        if needs(walk, otherwise):
            besides(walk, body.text)
        walk.leave(None)
        walk.open(otherwise)
        return ask_on(walk, event)
    return _looked_up(walk, event, body.text)


def _open(walk: Walk) -> bool:
    """Whether questions are answered here: not in private dialogs, and nothing above is urgent."""
    live = walk.shelf.live
    return (
        live.answers in live.dialogs
        and walk.frame.dialog not in live.urgent
        and not private(walk.shelf, walk.frame)
    )


def _searched(walk: Walk, text: str) -> tuple[Decision, tuple[Hit, ...]]:
    hits = search(walk.shelf.live.faq.index, text, MOST)
    return decide(hits, text), hits


def _beside(walk: Walk, event: Event, text: str, found: Reading) -> Turn | None:
    """A question where free words are asked for; None for words that answer.

    What is told to a person (S2) is kept as it is, and what is known is said besides. Elsewhere a question
    is no answer: it is answered, and the waiting one comes again.
    """
    node = walk.current[1]
    if not isinstance(node.kind, TextNode) or not isinstance(found, Given) or not asks(text):
        return None
    if node.sensitivity != "S2":
        return _taken(walk, event, text, Unclear())
    besides(walk, text)
    return None


def besides(walk: Walk, text: str) -> None:
    """A question that something else takes up, need or a person, is answered all the same."""
    decision, hits = _searched(walk, text)
    if decision == "answer" and asks(text):
        _say(walk, hits[0])


def needs(walk: Walk, dialog: str | None) -> bool:
    """Whether the words told of need, which is noted; they may ask something besides."""
    return any(one.rank == "need" and one.dialog == dialog for one in walk.shelf.live.routes)


def _taken(walk: Walk, event: Event, text: str, found: Unclear) -> Turn | None:
    """A question where nothing else was understood; None when it is none that we know."""
    kind = walk.current[1].kind
    home = isinstance(kind, ChoiceNode) and kind.sticky
    decision, hits = _searched(walk, text)
    match decision:
        case _ if found.near and not (decision == "answer" and (home or asks(text))):
            return None  # a button is likelier: no answer is taken for a question
        case "answer" if home:
            return _opened(walk, event, ("answer", hits[0].entry))
        case "answer":
            _say(walk, hits[0])
        case "suggest" if home or asks(text):
            return _opened(walk, event, _suggested(text, hits))
        case _ if not asks(text):
            return None
        case _ if home:
            _miss(walk, text)
            return _opened(walk, event, ("unknown",))
        case _:
            _miss(walk, text)
            walk.note("faq.later")
    walk.ask()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _say(walk: Walk, hit: Hit) -> None:
    """The answer, as a message of its own; an edit of the question corrects nothing."""
    entry = walk.shelf.live.faq.entries[hit.entry]
    lines = faq_page.answer(walk.shelf, entry, walk.today)
    walk.effects.append(Send(OutMessage(walk.shelf.live.digest, lines)))
    walk.effects.append(faq_page.shown(walk.shelf, entry, walk.today))
    walk.answered_by = ""


def _opened(walk: Walk, event: Event, draft: tuple[str, ...]) -> Turn:
    """A page of answers above what was open."""
    walk.open(walk.shelf.live.answers)
    walk.settle()
    return _drawn(walk, event, draft)


def _drawn(walk: Walk, event: Event, draft: tuple[str, ...]) -> Turn:
    """The page of a draft."""
    walk.move(draft=draft, asked=False)
    walk.misses, walk.answered_by = 0, ""
    walk.ask()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _looked_up(walk: Walk, event: Event, text: str) -> Turn:
    """Another question, on a page of answers; what is none may answer the question that waits below."""
    question = asks(text)
    if yesno.yes_or_no(text) is not None:  # to nothing that this page asks, and not to what waits below
        return _drawn(walk, event, walk.frame.draft)
    if not question and isinstance(below(walk, event), Given | Drafted | Control):
        return left(walk, event)
    decision, hits = _searched(walk, text)
    match decision:
        case "answer":
            return _drawn(walk, event, ("answer", hits[0].entry))
        case "suggest":
            return _drawn(walk, event, _suggested(text, hits))
        case _ if not question and below(walk, event) is not None:
            return left(walk, event)
        case _:
            if question:
                _miss(walk, text)
            return _drawn(walk, event, ("unknown",))


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


def _suggested(text: str, hits: tuple[Hit, ...]) -> tuple[str, ...]:
    likely = (hit.entry for hit in hits if hit.confidence >= max(LEAST, hits[0].confidence / FURTHER))
    return ("suggest", text[:KEPT], *likely)


def _miss(walk: Walk, text: str) -> None:
    """Nobody here knows: staff see the question, not who asked it; nobody sees one beside a sensitive one."""
    if written_in(text) is not None and walk.current[1].sensitivity != "S2":
        walk.effects.append(QuestionMissed(text))


def _named(walk: Walk, text: str) -> str:
    """The key of the button whose number or label the text is; empty for none."""
    live, shown = walk.shelf.live, faq_page.buttons(walk.asked())
    number = digits.number(text)
    if number is not None and number == int(number) and 1 <= number <= len(shown):
        return shown[int(number) - 1].key
    yes = yesno.yes_or_no(text)
    if yes is not None and walk.frame.draft[:1] in YES_AND_NO:
        return YES_AND_NO[walk.frame.draft[:1]][0 if yes else 1]
    labels = ((one.key, one.label.id) for one in shown if isinstance(one.label, Line))
    return next((key for key, label in labels if named(live, label, text)), "")


def _pressed(walk: Walk, event: Event, key: str) -> Turn | None:
    """What a button of the page does; None for any other."""
    if key not in {one.key for one in faq_page.buttons(walk.asked())}:
        return None
    entry = faq_page.entry_of(walk.shelf.live, walk.frame.draft)
    match key:
        case faq_page.NONE:
            asked = walk.frame.draft[1]
            if asks(asked):
                _miss(walk, asked)
            return _drawn(walk, event, ("unknown",))
        case faq_page.TOPICS:
            return _drawn(walk, event, ())
        case faq_page.HELPED | faq_page.NOT_HELPED if entry is not None:
            return _judged(walk, event, entry, helped=key == faq_page.HELPED)
        case _ if key.startswith(faq_page.TOPIC):
            return _drawn(walk, event, ("topic", key.removeprefix(faq_page.TOPIC)))
        case _ if key.startswith(faq_page.LEAD):
            return _led(walk, event, key.removeprefix(faq_page.LEAD))
        case _:
            return _drawn(walk, event, ("answer", key))


def _judged(walk: Walk, event: Event, entry: Entry, *, helped: bool) -> Turn:
    walk.effects.append(AnswerJudged(entry.id, helped))
    if not helped:
        return _drawn(walk, event, ("sorry", entry.id))
    walk.note("faq.thanks")
    walk.leave(None)
    return ask_on(walk, event)


def _led(walk: Walk, event: Event, lead: str) -> Turn:
    """Where an answer leads: this page is over."""
    dialog = faq_page.page_node(walk.asked()).leads[lead]
    walk.leave(None)
    walk.open(dialog)
    return ask_on(walk, event)
