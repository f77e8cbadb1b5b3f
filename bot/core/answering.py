"""Questions of the person answered by heart: in the menu, on the pages of answers, in the middle of anything.

Never stores a question as an answer, never takes an answer for a question, and keeps the waiting question.
"""

from collections.abc import Mapping

from bot.core import faq_page, page_talk
from bot.core.dialog import ChoiceNode, TextNode
from bot.core.effects import AnswerJudged, QuestionMissed, Turn
from bot.core.events import Event, Text
from bot.core.faq import Entry
from bot.core.faq_index import Hit
from bot.core.khmer import digits, yesno
from bot.core.khmer.language import written_in
from bot.core.khmer.questions import asks
from bot.core.matching import named
from bot.core.message import Line
from bot.core.page_talk import below, besides, drawn, led, left, needs, searched, tell
from bot.core.privacy import private
from bot.core.reading import Control, Drafted, Given, Reading, Unclear
from bot.core.reply import ask_on, follow, tap_seen, understand
from bot.core.walk import Walk

KEPT = 300  # characters of a question that wait beside "did you mean"
LEAST, FURTHER = 0.05, 8  # offered are those at least so likely, not so many times less than the first
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
    return page_talk.heard(walk, event, otherwise, _named, _pressed, _looked_up)


def asked(walk: Walk, event: Event, text: str) -> Turn | None:
    """A question on a page of something else: answered by heart, and the page comes again; None for none."""
    return _taken(walk, event, text, Unclear()) if asks(text) and _open(walk) else None


def _open(walk: Walk) -> bool:
    """Whether questions are answered here: not in private dialogs, and nothing above is urgent."""
    live = walk.shelf.live
    return (
        live.answers in live.dialogs
        and walk.frame.dialog not in live.urgent
        and not private(walk.shelf, walk.frame)
    )


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


def _taken(walk: Walk, event: Event, text: str, found: Unclear) -> Turn | None:
    """A question where nothing else was understood; None when it is none that we know."""
    kind = walk.current[1].kind
    home = isinstance(kind, ChoiceNode) and kind.sticky
    decision, hits = searched(walk, text)
    match decision:
        case _ if found.near and not (decision == "answer" and (home or asks(text))):
            return None  # a button is likelier: no answer is taken for a question
        case "answer" if home:
            return _opened(walk, event, ("answer", hits[0].entry))
        case "answer":
            tell(walk, hits[0])
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


def _opened(walk: Walk, event: Event, draft: tuple[str, ...]) -> Turn:
    """A page of answers above what was open."""
    walk.open(walk.shelf.live.answers)
    walk.settle()
    return drawn(walk, event, draft)


def _looked_up(walk: Walk, event: Event, text: str) -> Turn:
    """Another question, on a page of answers; what is none may answer the question that waits below."""
    question = asks(text)
    if yesno.yes_or_no(text) is not None:  # to nothing that this page asks, and not to what waits below
        return drawn(walk, event, walk.frame.draft)
    if not question and isinstance(below(walk, event), Given | Drafted | Control):
        return left(walk, event)
    decision, hits = searched(walk, text)
    match decision:
        case "answer":
            return drawn(walk, event, ("answer", hits[0].entry))
        case "suggest":
            return drawn(walk, event, _suggested(text, hits))
        case _ if not question and below(walk, event) is not None:
            return left(walk, event)
        case _:
            if question:
                _miss(walk, text)
            return drawn(walk, event, ("unknown",))


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
            return drawn(walk, event, ("unknown",))
        case faq_page.TOPICS:
            return drawn(walk, event, ())
        case faq_page.HELPED | faq_page.NOT_HELPED if entry is not None:
            return _judged(walk, event, entry, helped=key == faq_page.HELPED)
        case _ if key.startswith(faq_page.TOPIC):
            return drawn(walk, event, ("topic", key.removeprefix(faq_page.TOPIC)))
        case _ if key.startswith(faq_page.LEAD):
            lead = key.removeprefix(faq_page.LEAD)
            return led(walk, event, faq_page.page_node(walk.asked()).leads[lead])
        case _:
            return drawn(walk, event, ("answer", key))


def _judged(walk: Walk, event: Event, entry: Entry, *, helped: bool) -> Turn:
    walk.effects.append(AnswerJudged(entry.id, helped))
    if not helped:
        return drawn(walk, event, ("sorry", entry.id))
    walk.note("faq.thanks")
    walk.leave(None)
    return ask_on(walk, event)
