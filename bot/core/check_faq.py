"""Proofs about answers: what an entry names exists, nothing asks for two of them, nothing has run out.

Never judges an answer: a person who may answers for a legal one.
"""

from collections.abc import Iterator
from datetime import date

from bot.core.book import Book
from bot.core.dialog import FaqNode
from bot.core.faq import HOTLINE, DatedFact, Entry
from bot.core.finding import Finding, Place, find
from bot.core.khmer.fold import fold
from bot.core.outline import every_node, place_of

FACTS = "dialogs/facts.toml"


def check_faq(book: Book, today: date | None) -> Iterator[Finding]:
    """Findings about entries, facts and the dialog that shows them."""
    leads: set[str] = set()
    for dialog, node in every_node(book):
        if isinstance(node.kind, FaqNode):
            leads.update(node.kind.leads)
            yield from _check_page(book, place_of(dialog, node), node.kind)
    for entry in book.faq.entries.values():
        yield from _check_entry(book, entry, frozenset(leads))
        if today is not None and today >= (until := book.faq.until(entry)):
            yield find(place(entry, "expires"), "faq-expired", id=entry.id, day=until)
    yield from _check_phrasings(book)
    for fact in book.faq.facts.values():
        yield from _check_fact(fact)


def _check_page(book: Book, where: Place, page: FaqNode) -> Iterator[Finding]:
    for name, target in page.leads.items():
        if target not in book.dialogs:
            yield find(where.at(f"leads.{name}"), "dialog", dialog=target)
    topics = dict.fromkeys(entry.topic for entry in book.faq.entries.values())
    for name in (*topics.keys() - set(page.topics), *set(page.topics) - topics.keys()):
        yield find(where.at("topics"), "faq-topic", name=name)


def place(entry: Entry, key: str = "") -> Place:
    """Where an entry stands."""
    return Place(f"dialogs/faq/{entry.topic}.toml", entry.id, key)


def _check_entry(book: Book, entry: Entry, leads: frozenset[str]) -> Iterator[Finding]:
    if entry.hotline and entry.hotline not in book.hotlines:
        yield find(place(entry, "hotline"), "faq-hotline", name=entry.hotline)
    for name in entry.follow_ups:
        if name not in leads and name not in book.faq.entries:
            yield find(place(entry, "follow_ups"), "faq-follow-up", name=name)
    for name in sorted(entry.names - book.faq.facts.keys()):
        if name != HOTLINE or not entry.hotline:
            yield find(place(entry), "faq-fact", id=entry.answer, name=f"{{{name}}}")


def _check_phrasings(book: Book) -> Iterator[Finding]:
    owners: dict[str, Entry] = {}
    for entry in book.faq.entries.values():
        for phrasing in entry.phrasings:
            other = owners.setdefault(fold(phrasing).replace(" ", ""), entry)
            if other is not entry:
                yield find(place(entry, "khmer"), "faq-phrasing-twice", text=phrasing, other=other.id)


def _check_fact(fact: DatedFact) -> Iterator[Finding]:
    kinds = {"date": date, "text": str}
    if not isinstance(fact.value, kinds.get(fact.unit, int)):
        yield find(Place(FACTS, fact.id, "value"), "faq-fact-unit", unit=fact.unit)
