"""Proofs about words: every sentence is there in both languages, with its names, and fits where it is shown.

Never judges style: a native reviewer does.
"""

from collections.abc import Iterable, Iterator, Mapping

from bot.core import activity_pages, faq_page, finding
from bot.core.book import Book, Centre, Hotline
from bot.core.code import PICTURES
from bot.core.contact import LANGUAGES, Language
from bot.core.dialog import CallNode, EndNode, Kind, MultiChoiceNode, Node, RepeatNode
from bot.core.faq import Entry
from bot.core.finding import Finding, Place, find
from bot.core.khmer.normalise import normalise
from bot.core.outline import choices_of, every_node
from bot.core.phrases import PHRASES
from bot.core.phrases_activities import ACTIVITIES_PHRASES
from bot.core.phrases_activity import ACTIVITY_PHRASES
from bot.core.phrases_broadcast import BROADCAST_PHRASES
from bot.core.phrases_faq import FAQ_PHRASES
from bot.core.phrases_news import NEWS_PHRASES
from bot.core.phrases_phone import PHONE_PHRASES
from bot.core.phrases_poster import POSTER_PHRASES
from bot.core.phrases_reminder import REMINDER_PHRASES
from bot.core.phrases_staff import STAFF_PHRASES
from bot.core.phrases_web import WEB_PHRASES
from bot.core.wording import placeholders

Entries = Mapping[str, str | None]  # message id → sentence; None: fuzzy
Catalogues = Mapping[tuple[Language, str], Entries]  # by language and domain

FREE_DOMAINS = frozenset({"terminal", "console"})  # declared by their own pages: km and en must agree
SMALLEST_BUTTON = 20  # code points; facts: a Messenger quick reply or button title
TICK_LENGTH = 2  # `✓ ` before the label of a choice that is ticked
HARD_LABEL = 64  # longer ones are cut on a phone's screen everywhere
NOTHING: frozenset[str] = frozenset()
# beside the scripts'
SYSTEM: Mapping[str, frozenset[str]] = {
    **PHRASES,
    **ACTIVITIES_PHRASES,
    **ACTIVITY_PHRASES,
    **BROADCAST_PHRASES,
    **FAQ_PHRASES,
    **NEWS_PHRASES,
    **PHONE_PHRASES,
    **POSTER_PHRASES,
    **REMINDER_PHRASES,
    **STAFF_PHRASES,
    **WEB_PHRASES,
    **finding.declared(),
}
OWN_BUTTONS = (
    "bot.skip",
    "bot.back",
    "bot.why",
    "bot.help",
    "bot.person",
    "bot.menu",
    "bot.page-onward",
    "bot.page-backward",
    "bot.page-others",
    "bot.hide",
    "bot.who-me",
    "bot.who-new",
    *(f"bot.code.{picture}" for picture in PICTURES),
    "bot.code-undo",
    "bot.code-forgotten",
    "bot.yes",
    "bot.no",
    "bot.done",
    "bot.agree",
    "bot.go-on",
    "bot.repeat-yes",
    "bot.repeat-no",
)


def declared(book: Book) -> dict[str, frozenset[str]]:
    """Message id → placeholders, of everything that may be said outside the free domains."""
    messages = dict(SYSTEM)
    for _, node in every_node(book):
        messages.update(messages_of(node))
    kinds = (node.kind for _, node in every_node(book))
    messages.update(messages_of_answers(kinds, book.faq.entries.values()))
    for message_id in messages_of_offices(book.centres.values(), book.hotlines.values()):
        messages[message_id] = NOTHING
    return messages


def messages_of_answers(
    kinds: Iterable[Kind], entries: Iterable[Entry]
) -> Iterator[tuple[str, frozenset[str]]]:
    """Message ids that answers and their pages are made of, with their placeholders."""
    asked, pages = tuple(entries), tuple(kinds)
    for label in (*faq_page.labels(pages, asked), *activity_pages.labels(pages)):
        yield label, NOTHING
    for entry in asked:
        yield entry.answer, entry.names
        yield entry.sure, NOTHING


def messages_of_offices(centres: Iterable[Centre], hotlines: Iterable[Hotline]) -> Iterator[str]:
    """Message ids that name and describe centres and hotlines; none has a placeholder."""
    for centre in centres:
        yield f"centres.{centre.id}.name"
        yield from (message for message in (centre.hours, centre.address) if message)
    for hotline in hotlines:
        yield f"hotlines.{hotline.id}.name"


def messages_of(node: Node) -> Iterator[tuple[str, frozenset[str]]]:
    """Message ids that a node says, with their placeholders."""
    if isinstance(node.kind, RepeatNode):
        yield f"{node.text}.again", NOTHING
    elif not isinstance(node.kind, CallNode | EndNode):
        yield node.text, frozenset(node.args)
    for extra in (node.why, node.help, node.retry):
        if extra:
            yield extra, NOTHING
    for choice in choices_of(node).values():
        for label in (choice.label, choice.short):
            if label:
                yield label, NOTHING


def check_words(book: Book, catalogues: Catalogues) -> Iterator[Finding]:
    """Findings about every catalogue."""
    wanted = declared(book)
    for language in LANGUAGES:
        given = {domain: entries for (spoken, domain), entries in catalogues.items() if spoken == language}
        yield from _check_presence(wanted, given, language)
        for domain, entries in given.items():
            yield from _check_entries(wanted, entries, language, domain)
    yield from _check_free(catalogues)
    yield from _check_labels(book, catalogues)


def _place(message_id: str, language: Language, domain: str = "") -> Place:
    domain = domain or message_id.partition(".")[0]
    return Place(f"locales/{language}/LC_MESSAGES/{domain}.po", key=message_id)


def _check_presence(
    wanted: Mapping[str, frozenset[str]], given: Mapping[str, Entries], language: Language
) -> Iterator[Finding]:
    for message_id in wanted:
        entries = given.get(message_id.partition(".")[0], {})
        if message_id not in entries or entries[message_id] == "":
            yield find(_place(message_id, language), "words-missing", id=message_id, language=language)
        elif entries[message_id] is None:
            yield find(_place(message_id, language), "words-fuzzy", id=message_id, language=language)


def _check_entries(
    wanted: Mapping[str, frozenset[str]], entries: Entries, language: Language, domain: str
) -> Iterator[Finding]:
    for message_id, text in entries.items():
        place = _place(message_id, language, domain)
        home = message_id.partition(".")[0]
        if home != domain:
            yield find(place, "words-file", id=message_id, file=f"{home}.po")
        elif message_id not in wanted and domain not in FREE_DOMAINS:
            yield find(place, "words-unknown", id=message_id)
        if not text:
            continue
        if language == "km" and normalise(text) != text:
            yield find(place, "words-encoding", id=message_id)
        if message_id in wanted:
            yield from _check_names(place, wanted[message_id], text)


def _check_names(place: Place, wanted: frozenset[str], text: str) -> Iterator[Finding]:
    given = placeholders(text)
    for name in sorted(wanted - given):
        yield find(place, "words-name-missing", id=place.key, name=f"{{{name}}}")
    for name in sorted(given - wanted):
        yield find(place, "words-name-unknown", id=place.key, name=f"{{{name}}}")


def _check_free(catalogues: Catalogues) -> Iterator[Finding]:
    for domain in sorted(FREE_DOMAINS):
        known = {
            message_id: placeholders(text)
            for language in LANGUAGES
            for message_id, text in catalogues.get((language, domain), {}).items()
            if text
        }
        for language in LANGUAGES:
            entries = catalogues.get((language, domain), {})
            yield from _check_presence(known, {domain: entries}, language)
            for message_id, text in entries.items():
                if text:
                    yield from _check_names(_place(message_id, language), known[message_id], text)


def _check_labels(book: Book, catalogues: Catalogues) -> Iterator[Finding]:
    labels: dict[str, tuple[str | None, int]] = dict.fromkeys(OWN_BUTTONS, (None, SMALLEST_BUTTON))
    for _, node in every_node(book):
        for choice in choices_of(node).values():
            ticked = isinstance(node.kind, MultiChoiceNode) or choice.marks is not None
            room = SMALLEST_BUTTON - (TICK_LENGTH if ticked else 0)
            labels[choice.label] = (choice.short, min(room, labels.get(choice.label, (None, room))[1]))
    for language in LANGUAGES:
        for label, (short, room) in labels.items():
            yield from _check_label(catalogues, language, label, short, room)


def _check_label(
    catalogues: Catalogues, language: Language, label: str, short: str | None, room: int
) -> Iterator[Finding]:
    length = _length(catalogues, language, label)
    if length > HARD_LABEL:
        yield find(_place(label, language), "label-long", id=label, length=length)
    elif length > room and short is None:
        yield find(_place(label, language), "label-numbered", id=label, length=length)
    if short and (cut := _length(catalogues, language, short)) > room:
        yield find(_place(short, language), "short-long", id=short, length=cut)


def _length(catalogues: Catalogues, language: Language, message_id: str) -> int:
    entries = catalogues.get((language, message_id.partition(".")[0]), {})
    return len(entries.get(message_id) or "")
