"""What answers look like: the topics, one with its buttons, "did you mean", "I do not know".

Never searches and never changes the session: the draft of the frame says which page it is.

Drafts: () the topics · ("topic", topic) · ("answer", entry) · ("suggest", what was asked, entries…) ·
("unknown",) · ("sorry", entry).
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date

from bot.core.asking import Asked, hotline_line
from bot.core.book import Book, Shelf
from bot.core.dialog import FaqNode, Kind
from bot.core.effects import AnswerShown
from bot.core.faq import HOTLINE, Entry, changed, saying, told
from bot.core.message import Arg, Button, Line, OutMessage
from bot.core.schedule import PHNOM_PENH

TOPIC = "t-"  # a button's key: `t-pay`
LEAD = "lead-"  # `lead-person`
PERSON = "person"  # the lead that every page without an answer offers
TOPICS, NONE, HELPED, NOT_HELPED = "topics", "none", "helped", "not-helped"


def labels(kinds: Iterable[Kind], entries: Iterable[Entry]) -> Iterator[str]:
    """The message ids of everything that a button of these pages may say."""
    pages = [kind for kind in kinds if isinstance(kind, FaqNode)]
    if pages:
        yield from (f"faq.{name}" for name in (TOPICS, NONE, HELPED, NOT_HELPED))
    yield from dict.fromkeys(f"faq.lead.{name}" for kind in pages for name in kind.leads)
    yield from dict.fromkeys(f"faq.topic.{name}" for kind in pages for name in kind.topics)
    yield from (one.question for one in entries)


def page(message: OutMessage, asked: Asked, shelf: Shelf) -> OutMessage:
    """The question of a FaqNode: words and buttons of its page, always those of the live Release."""
    before = message.lines[:-1]  # notes; the last line is the node's own, which heads the topics
    lines = tuple(_lines(asked, shelf))
    return replace(message, release=shelf.live.digest, lines=(*before, *lines), buttons=buttons(asked))


def day(asked: Asked) -> date:
    """Today in Phnom Penh."""
    return asked.view.now.astimezone(PHNOM_PENH).date()


def entry_of(book: Book, draft: tuple[str, ...]) -> Entry | None:
    """The entry that is answered, or that did not help."""
    return (
        book.faq.entries.get(draft[1]) if draft[:1] in (("answer",), ("sorry",)) and len(draft) > 1 else None
    )


def answer(shelf: Shelf, entry: Entry, today: date) -> tuple[Line, ...]:
    """What may be said of an entry today."""
    faq = shelf.live.faq
    how = saying(faq, entry, today, shelf.withdrawn, sample=shelf.sample)
    if how == "sure":
        line = shelf.live.hotlines.get(entry.hotline or "")
        note = (Line("faq.changed"),) if changed(faq, entry, today, shelf.withdrawn) else ()
        return (Line(entry.sure), *((hotline_line(line),) if line else ()), *note)
    general = (Line("faq.general"),) if entry.kind == "legal" else ()
    draft = (Line("faq.draft"),) if how == "draft" else ()
    return (Line(entry.answer, arguments(shelf.live, entry)), *general, *draft)


def arguments(book: Book, entry: Entry) -> dict[str, Arg]:
    """The dated facts and the line to call that an answer names."""
    args: dict[str, Arg] = {
        name: told(book.faq.facts[name]) for name in sorted(entry.names) if name in book.faq.facts
    }
    line = book.hotlines.get(entry.hotline or "")
    if HOTLINE in entry.names and line is not None:
        args[HOTLINE] = ", ".join(line.numbers)
    return args


def shown(shelf: Shelf, entry: Entry, today: date) -> AnswerShown:
    """What is to be remembered of an answer that is said."""
    how = saying(shelf.live.faq, entry, today, shelf.withdrawn, sample=shelf.sample)
    return AnswerShown(entry.id, entry.version, how)


def page_node(asked: Asked) -> FaqNode:
    """The node of the live Release, whatever the Release of the frame: topics and leads come with answers."""
    dialog = asked.live.dialogs.get(asked.live.answers)
    node = dialog.nodes.get(dialog.start, asked.node) if dialog else asked.node
    return node.kind if isinstance(node.kind, FaqNode) else FaqNode((), {})


def _lines(asked: Asked, shelf: Shelf) -> Iterator[Line]:
    entry = entry_of(shelf.live, asked.frame.draft)
    match asked.frame.draft:
        case ("topic", topic):
            yield Line("faq.of-topic", {"topic": Line(f"faq.topic.{topic}")})
        case ("suggest", _, *_):
            yield Line("faq.suggest")
        case ("unknown",):
            yield Line("faq.unknown")
        case ("answer", _) if entry is not None:
            yield from answer(shelf, entry, day(asked))
        case ("sorry", _):
            yield Line("faq.sorry")
        case _:
            yield Line(asked.node.text)


def buttons(asked: Asked) -> tuple[Button, ...]:
    """The buttons of the page, in order."""
    faq, draft = asked.live.faq, asked.frame.draft
    entry = entry_of(asked.live, draft)
    kind = page_node(asked)
    leads = kind.leads
    person = (_lead(PERSON),) if PERSON in leads else ()
    match draft:
        case ("topic", topic):
            return tuple(_entry(one) for one in faq.of(topic))
        case ("suggest", _, *names):
            found = tuple(_entry(faq.entries[name]) for name in names if name in faq.entries)
            return (*found, Button(NONE, Line("faq.none")))
        case ("answer", _) if entry is not None:
            judged = (Button(HELPED, Line("faq.helped")), Button(NOT_HELPED, Line("faq.not-helped")))
            return (*judged, *_onwards(asked, entry, leads))
        case ("unknown",) | ("sorry", _):
            return (*person, Button(TOPICS, Line("faq.topics")))
        case _:
            topics = (one for one in kind.topics if faq.of(one))
            return tuple(Button(f"{TOPIC}{one}", Line(f"faq.topic.{one}")) for one in topics)


def _onwards(asked: Asked, entry: Entry, leads: Mapping[str, str]) -> Iterator[Button]:
    for name in entry.follow_ups:
        if name in asked.live.faq.entries:
            yield _entry(asked.live.faq.entries[name])
        elif name in leads:
            yield _lead(name)


def _entry(entry: Entry) -> Button:
    return Button(entry.id, Line(entry.question))


def _lead(name: str) -> Button:
    return Button(f"{LEAD}{name}", Line(f"faq.lead.{name}"))
