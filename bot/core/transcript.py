"""A voice note written out by staff: read as if the person had typed it, in place of the note.

Never asks anything and never walks on: the person is where they are.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from bot.core import reading, when
from bot.core.answers import Heard, Keys, Value
from bot.core.book import Book, Shelf
from bot.core.contact import Contact
from bot.core.dialog import DateNode, MultiChoiceNode, Node
from bot.core.drafts import CANDIDATES
from bot.core.effects import SaveAnswer
from bot.core.events import Text
from bot.core.message import Line, PlaceName
from bot.core.path import View, options
from bot.core.reading import Drafted, Given, Unclear
from bot.core.reply import retry
from bot.core.schedule import PHNOM_PENH
from bot.core.session import Frame, Session
from bot.core.walk import Walk


@dataclass(frozen=True, slots=True)
class Note:
    """The voice note `ref` that answered a field. `asked`: `dialog.node` of `release`."""

    ref: str
    release: str
    asked: str
    submission: int
    field: str
    index: int


@dataclass(frozen=True, slots=True)
class Filled:
    """The answer, and the session that knows it."""

    session: Session
    saved: SaveAnswer


@dataclass(frozen=True, slots=True)
class Unread:
    """The words do not answer the question. `wanted`: what would."""

    wanted: tuple[Line | PlaceName, ...]


@dataclass(frozen=True, slots=True)
class Superseded:
    """The note is not the answer (any more): the person answered again, or the question is gone."""


def transcribe(
    shelf: Shelf, contact: Contact, session: Session, note: Note, words: str, now: datetime
) -> Filled | Unread | Superseded:
    """What the words of a note make of the answer that it stands for."""
    given = next((one for one in session.submissions if one.no == note.submission), None)
    where = (note.field, note.index)
    found = _asked(shelf, note)
    if given is None or found is None or given.answers.get(where) != Heard(note.ref):
        return Superseded()
    book, node = found
    walk = Walk(shelf, contact, session, now)
    view = walk.view(Frame(note.release, note.asked.partition(".")[0], node.id, note.submission, note.index))
    value = _value(book, node, view, words, now)
    if isinstance(value, Unread):
        return value
    answers = MappingProxyType({**given.answers, where: value})
    submissions = tuple(
        replace(one, answers=answers) if one.no == given.no else one for one in session.submissions
    )
    saved = SaveAnswer(
        given.no, note.field, note.index, value, node.sensitivity, coarse=node.coarse, node=note.asked
    )
    return Filled(replace(session, submissions=submissions), saved)


def _asked(shelf: Shelf, note: Note) -> tuple[Book, Node] | None:
    dialog, _, name = note.asked.partition(".")
    book = shelf.book(note.release)
    within = book.dialogs.get(dialog)
    node = within.nodes.get(name) if within else None
    return (book, node) if node is not None and node.field == note.field else None


def _value(book: Book, node: Node, view: View, words: str, now: datetime) -> Value | Unread:
    """The whole answer: of several choices those named are ticked, for nobody taps "done"."""
    found = reading.read(book, node, view, (), Text(words), now.astimezone(PHNOM_PENH).date())
    match found:
        case Given(value):
            return value
        case Drafted(draft) if isinstance(node.kind, MultiChoiceNode):
            return Keys(draft)
        case Drafted((first, *keys)) if first == CANDIDATES and isinstance(node.kind, DateNode):
            return Unread(tuple(map(when.label, keys)))
        case Drafted((first, *codes)) if first == CANDIDATES:
            return Unread(tuple(PlaceName(f"+{code}") for code in codes))
        case Unclear(note):
            return Unread(_wanted(node, view, note))
        case _:
            return Unread(_wanted(node, view, None))


def _wanted(node: Node, view: View, note: str | None) -> tuple[Line, ...]:
    labels = tuple(Line(one.label) for one in options(node, view.look))
    return labels or (retry(node, note),)
