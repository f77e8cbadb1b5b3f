"""The answers known by heart: entries by topic, the dated facts in them, what of one may be said today.

Never searches (`faq_index` does) and holds no sentence, only message ids.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import Literal

from bot.core.answers import Day
from bot.core.faq_index import NO_INDEX, Index
from bot.core.message import Arg, Line

Kind = Literal["legal", "practical", "bot"]
Unit = Literal["years", "days", "months", "hours", "percent", "count", "usd", "riel", "baht", "date", "text"]
Saying = Literal["whole", "draft", "sure"]
MONEY: Mapping[Unit, str] = {"usd": "faq.usd", "riel": "faq.riel", "baht": "faq.baht"}
HOTLINE = "hotline"  # the placeholder of an entry's own line to call
UNNOTED = frozenset({"safety"})  # topics of which it is nowhere noted who asked


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Who answers for a legal entry: name, office, day."""

    name: str
    office: str
    on: date


@dataclass(frozen=True, slots=True)
class DatedFact:
    """A number, amount, deadline or day that answers tell by placeholder, one edit for all of them.

    `value`: an int, a date, or words that no unit fits. `source`: where it was found; `expires`: from that
    day on it is not asserted.
    """

    id: str
    value: int | date | str
    unit: Unit
    source: str
    confidence: str
    reviewed: date
    expires: date


@dataclass(frozen=True, slots=True)
class Entry:
    """One answer. Its words are the messages `faq-<topic>.<id>.question|answer|sure`.

    `sure`: what holds whatever changed. `names`: the placeholders of its answer. `version`: names the words
    and facts as they are shown. `hotline`: the line of the topic; `follow_ups`: where to go on from it, a
    lead (`claim`, `person` …) or another entry.
    """

    id: str
    topic: str
    kind: Kind
    source: str
    confidence: str
    expires: date
    hotline: str | None = None
    follow_ups: tuple[str, ...] = ()
    phrasings: tuple[str, ...] = ()
    reviewed_by: Reviewer | None = None
    names: frozenset[str] = frozenset()
    version: str = ""

    @property
    def question(self) -> str:
        """The message that asks it."""
        return f"faq-{self.topic}.{self.id}.question"

    @property
    def answer(self) -> str:
        """The message that answers it in full."""
        return f"faq-{self.topic}.{self.id}.answer"

    @property
    def sure(self) -> str:
        """The message that holds whatever changed."""
        return f"faq-{self.topic}.{self.id}.sure"


@dataclass(frozen=True, slots=True)
class Faq:
    """All answers of one Release, in the order of files."""

    entries: Mapping[str, Entry] = field(default_factory=lambda: MappingProxyType({}))
    facts: Mapping[str, DatedFact] = field(default_factory=lambda: MappingProxyType({}))
    elsewhere: tuple[str, ...] = ()
    index: Index = NO_INDEX

    def of(self, topic: str) -> tuple[Entry, ...]:
        """The entries of a topic."""
        return tuple(entry for entry in self.entries.values() if entry.topic == topic)

    def until(self, entry: Entry) -> date:
        """The day from which on it is not asserted: its own, or that of a fact in it."""
        told = (self.facts[name].expires for name in entry.names if name in self.facts)
        return min(entry.expires, *told, date.max)


NO_FAQ = Faq()


def saying(faq: Faq, entry: Entry, today: date, withdrawn: frozenset[str], *, sample: bool) -> Saying:
    """What of an entry may be said: all of it, all of it marked as a draft, or what is sure.

    A legal one is asserted on a live site only when somebody who may has reviewed it; a sample site shows it
    as a draft. Expired and withdrawn ones assert nothing.
    """
    if changed(faq, entry, today, withdrawn):
        return "sure"
    if entry.kind != "legal" or (entry.reviewed_by is not None and entry.reviewed_by.on <= today):
        return "whole"
    return "draft" if sample else "sure"


def changed(faq: Faq, entry: Entry, today: date, withdrawn: frozenset[str]) -> bool:
    """Whether nothing of it is asserted any more: staff took it back, or its time is over."""
    return entry.id in withdrawn or today >= faq.until(entry)


def told(fact: DatedFact) -> Arg:
    """A fact as it is said."""
    if isinstance(fact.value, date):
        return Day(fact.value)
    if isinstance(fact.value, int) and (money := MONEY.get(fact.unit)):
        return Line(money, {"amount": fact.value})
    return fact.value
