"""Questions of the person answered by heart: in the menu, on the pages of answers, in the middle of anything.

Never stores a question as an answer, never takes an answer for a question, and keeps the waiting question.
"""

from bot.core import faq_page
from bot.core.dialog import ChoiceNode, FaqNode, MediaNode, NameNode, TextNode
from bot.core.effects import AnswerJudged, AnswerShown, QuestionMissed, Send, Turn
from bot.core.events import Event, Tap, Text
from bot.core.faq import Entry, saying
from bot.core.faq_index import Decision, Hit, decide, search
from bot.core.khmer import digits, yesno
from bot.core.khmer.language import written_in
from bot.core.khmer.questions import asks
from bot.core.matching import named
from bot.core.message import Line, OutMessage
from bot.core.privacy import private
from bot.core.reading import Control, Given, Reading, Unclear
from bot.core.reply import ask_on, follow, tap_seen, understand
from bot.core.session import CALLED
from bot.core.walk import Walk

KEPT = 300  # characters of a question that wait beside "did you mean"
MOST = 3  # entries to choose among


def answered(walk: Walk, event: Event, otherwise: str | None) -> Turn:
    """What was said to any question: its answer, or a question of the person, which is answered by heart."""
    found = understand(walk, event)
    body = event.body
    if otherwise is None and isinstance(body, Text) and _open(walk):
        turn = (
            _taken(walk, event, body.text, found)
            if isinstance(found, Unclear)
            else _stolen(walk, event, body.text, found)
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


def _stolen(walk: Walk, event: Event, text: str, found: Reading) -> Turn | None:
    """A question written where free words are asked for; None for words that answer."""
    free = isinstance(walk.current[1].kind, TextNode | NameNode | MediaNode)
    if not free or not isinstance(found, Given) or not asks(text):
        return None
    decision, hits = _searched(walk, text)
    return _said(walk, event, hits[0]) if decision == "answer" else None


def _taken(walk: Walk, event: Event, text: str, found: Unclear) -> Turn | None:
    """A question where nothing else was understood; None when it is none that we know."""
    kind = walk.current[1].kind
    home = isinstance(kind, ChoiceNode) and kind.sticky
    decision, hits = _searched(walk, text)
    match decision:
        case _ if found.near and not (decision == "answer" and (home or asks(text))):
            return None  # a button is likelier: no answer is taken for a question
        case "answer":
            return _opened(walk, event, ("answer", hits[0].entry)) if home else _said(walk, event, hits[0])
        case "suggest" if home or asks(text):
            return _opened(walk, event, _suggested(text, hits))
        case "abstain" if home and asks(text):
            return _opened(walk, event, _unknown(walk, text))
        case "abstain" if asks(text):
            _unknown(walk, text)
            walk.note("faq.later")
    return None


def _said(walk: Walk, event: Event, hit: Hit) -> Turn:
    """The answer, then the waiting question once more, as it was."""
    entry = walk.shelf.live.faq.entries[hit.entry]
    lines = faq_page.answer(walk.shelf, entry, walk.today)
    walk.effects.append(Send(OutMessage(walk.shelf.live.digest, lines)))
    _shown(walk, entry)
    walk.ask()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _opened(walk: Walk, event: Event, draft: tuple[str, ...]) -> Turn:
    """A page of answers above what was open."""
    walk.open(walk.shelf.live.answers)
    walk.settle()
    return _drawn(walk, event, draft)


def _drawn(walk: Walk, event: Event, draft: tuple[str, ...]) -> Turn:
    """The page of a draft."""
    walk.move(draft=draft, asked=False)
    walk.misses = 0
    if draft[:1] == ("answer",):
        _shown(walk, walk.shelf.live.faq.entries[draft[1]])
    walk.ask()
    return Turn(walk.finish(), (*tap_seen(event), *walk.effects))


def _looked_up(walk: Walk, event: Event, text: str) -> Turn:
    """Another question, on a page of answers."""
    decision, hits = _searched(walk, text)
    match decision:
        case "answer":
            return _drawn(walk, event, ("answer", hits[0].entry))
        case "suggest":
            return _drawn(walk, event, _suggested(text, hits))
        case _ if asks(text):
            return _drawn(walk, event, _unknown(walk, text))
        case _:
            return _below(walk, event) or _drawn(walk, event, ("unknown",))


def _below(walk: Walk, event: Event) -> Turn | None:
    """What is no question may answer the one that waits below; None when none does."""
    if len(walk.frames) < 2 or walk.frames[-2].draft == CALLED:
        return None
    walk.leave(None)
    walk.settle()
    return follow(walk, event, understand(walk, event), None)


def _shown(walk: Walk, entry: Entry) -> None:
    shelf = walk.shelf
    how = saying(shelf.live.faq, entry, walk.today, shelf.withdrawn, sample=shelf.sample)
    walk.effects.append(AnswerShown(entry.id, entry.version, how))


def _suggested(text: str, hits: tuple[Hit, ...]) -> tuple[str, ...]:
    return ("suggest", text[:KEPT], *(hit.entry for hit in hits))


def _unknown(walk: Walk, text: str) -> tuple[str, ...]:
    """Nobody here knows: staff see the question, not who asked it."""
    if written_in(text) is not None:
        walk.effects.append(QuestionMissed(text))
    return ("unknown",)


def _named(walk: Walk, text: str) -> str:
    """The key of the button whose number or label the text is; empty for none."""
    live, shown = walk.shelf.live, faq_page.buttons(walk.asked())
    number = digits.number(text)
    if number is not None and number == int(number) and 1 <= number <= len(shown):
        return shown[int(number) - 1].key
    judged = yesno.yes_or_no(text) if walk.frame.draft[:1] == ("answer",) else None
    if judged is not None:
        return faq_page.HELPED if judged else faq_page.NOT_HELPED
    labels = ((one.key, one.label.id) for one in shown if isinstance(one.label, Line))
    return next((key for key, label in labels if named(live, label, text)), "")


def _pressed(walk: Walk, event: Event, key: str) -> Turn | None:
    """What a button of the page does; None for any other."""
    if key not in {one.key for one in faq_page.buttons(walk.asked())}:
        return None
    entry = faq_page.entry_of(walk.shelf.live, walk.frame.draft)
    match key:
        case faq_page.NONE:
            return _drawn(walk, event, _unknown(walk, walk.frame.draft[1]))
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
    kind = walk.current[1].kind
    dialog = kind.leads[lead] if isinstance(kind, FaqNode) else walk.shelf.live.person
    walk.leave(None)
    walk.open(dialog)
    return ask_on(walk, event)
