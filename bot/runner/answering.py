"""What follows from answers known by heart: who was shown which, whether it helped, and what nothing answers.

Never writes down who asked what nothing answers or about their safety, nor anything of what is said in
private or in danger.
"""

import orjson

from bot.core import effects as fx
from bot.core import session as sessions
from bot.core.answers import Words
from bot.core.asking import near
from bot.core.book import Book
from bot.core.dialog import NameNode
from bot.core.faq import UNNOTED
from bot.core.masking import masked
from bot.core.path import View, chosen_centre
from bot.core.session import Session
from bot.runner.step import Step
from storage import answers, sharing, staff
from storage import missed as questions


def apply(step: Step, effect: fx.AnswerShown | fx.AnswerJudged | fx.QuestionMissed) -> None:
    """Write one of them."""
    match effect:
        case fx.AnswerShown():
            shown(step, effect)
        case fx.AnswerJudged():
            judged(step, effect)
        case fx.QuestionMissed():
            missed(step, effect)


def shown(step: Step, effect: fx.AnswerShown) -> None:
    """Remember which words of an entry the person was shown."""
    if not _secret(step) and not _unnoted(step, effect.entry):
        found = effect.entry, effect.version, effect.saying
        answers.record(step.conn, step.contact.id, *found, step.now)


def judged(step: Step, effect: fx.AnswerJudged) -> None:
    """Remember whether they say that it helped."""
    if not _secret(step):
        answers.judge(step.conn, step.contact.id, effect.entry, helped=effect.helped)


def missed(step: Step, effect: fx.QuestionMissed) -> None:
    """Keep a question without whose it is; not what staff ask in their own chats."""
    if _secret(step) or step.contact.staff:
        return
    session = sessions.load(orjson.loads(step.person.session)) if step.person.session else Session()
    book = step.live.book
    if _unnoted(step, *_page(session)):
        return
    hidden = (*_names(book, session), *_companions(step), *staff.names(step.conn))
    nobodys = masked(effect.words, hidden)
    centre, language = _centre(step, book, session), step.contact.language
    questions.add(step.conn, step.kit.vault, nobodys, centre, language, step.now)


def _secret(step: Step) -> bool:
    return step.private or step.safety or step.restricted


def _unnoted(step: Step, *names: str) -> bool:
    """Whether one of them is an entry, or a topic, of which it is nowhere noted who asked."""
    entries = step.live.book.faq.entries
    topics = {entries[one].topic if one in entries else one for one in names}
    return not topics.isdisjoint(UNNOTED)


def _page(session: Session) -> tuple[str, ...]:
    """What the page of answers before them is about: entries, or a topic; () for no page."""
    match session.frames[-1].draft if session.frames else ():
        case ("topic" | "answer" | "sorry", name):
            return (name,)
        case ("suggest", _, *names):
            return tuple(names)
        case _:
            return ()


def _companions(step: Step) -> list[str]:
    """What those are called who write from there too."""
    if not step.contact.shared:
        return []
    return [one.name for one in sharing.companions(step.conn, step.kit.vault, step.person)]


def _names(book: Book, session: Session) -> list[str]:
    """Every name that the person gave, of themself or of others."""
    fields = {
        node.field
        for within in book.dialogs.values()
        for node in within.nodes.values()
        if isinstance(node.kind, NameNode)
    }
    return [
        value.text
        for one in session.submissions
        for (field, _), value in one.answers.items()
        if field in fields and isinstance(value, Words)
    ]


def _centre(step: Step, book: Book, session: Session) -> str | None:
    """The centre that they chose last, else the nearest to where they live."""
    runs = {one.no: one for one in session.submissions}
    for number in sorted(runs, reverse=True):
        view = View(step.contact, runs, number, 0, suspended=False, code=False, live=book, now=step.now)
        found = chosen_centre(book, view) or near(book, view)
        if found is not None:
            return found.id
    return None
