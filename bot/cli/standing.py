"""The answers as commands see them: of the live Release, else of the files here; and what is taken back.

Never makes a store where there is none.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from sqlalchemy.engine import make_url

from bot import scripts
from bot.cli.refused import Refused
from bot.cli.store import Store, opened
from bot.clock import SystemClock
from bot.config import Settings, load
from bot.core.book import Shelf
from bot.core.contact import Language
from bot.core.faq import Entry, Faq, changed, saying
from bot.core.faq_page import answer
from bot.core.message import Line
from bot.core.schedule import PHNOM_PENH
from bot.runner.library import Library
from bot.runner.render import Voice
from bot.scripts import Release
from storage import answers, releases
from storage.answers import Withdrawn

SAID = {"whole": "asserted", "draft": "draft", "sure": "only what is sure"}


@dataclass(frozen=True, slots=True)
class Standing:
    """The answers of `release` as they would be said on `today`. `taken`: what staff took back."""

    release: Release
    shelf: Shelf
    taken: dict[str, Withdrawn]
    today: date

    @property
    def faq(self) -> Faq:
        """Entries, facts and index."""
        return self.shelf.live.faq

    def entry(self, entry_id: str) -> Entry:
        """The entry of an id. Raises Refused."""
        found = self.faq.entries.get(entry_id)
        if found is None:
            raise Refused(f"entry {entry_id}", "there is no such entry", "spean faq list shows them")
        return found

    def state(self, entry: Entry) -> str:
        """How much of it is asserted, in words."""
        if changed(self.faq, entry, self.today, self.shelf.withdrawn):
            return "withdrawn" if entry.id in self.taken else "expired"
        return SAID[saying(self.faq, entry, self.today, frozenset(), sample=self.shelf.sample)]

    def said(self, entry: Entry, language: Language) -> tuple[str, str]:
        """Question and answer in the words of today."""
        voice = Voice(self.release.words, self.release.words, self.release.book, language, {})
        lines = answer(self.shelf, entry, self.today)
        return voice.say(Line(entry.question)), "\n\n".join(map(voice.say, lines))


def of_store(store: Store) -> Standing:
    """The answers of the live Release. Raises NoRelease."""
    live, taken = store.read(lambda conn: (Library().live(conn), answers.withdrawals(conn)))
    return _standing(live, store.settings, taken, store.now)


def of_files(config: Path) -> Standing:
    """The answers of the files where we stand, and what is taken back in the store, if there is one."""
    chosen = load(config, os.environ)
    release, taken = scripts.reopen_release(scripts.read_files(Path())), {}
    if _there(chosen):
        with opened(config) as store:
            taken = store.read(answers.withdrawals)
    return _standing(release, chosen, taken, SystemClock().now())


@contextmanager
def looking(config: Path) -> Iterator[tuple[Standing, Store | None]]:
    """The answers of the live Release with their store; of the files where there is no store or Release."""
    if not _there(load(config, os.environ)):
        yield of_files(config), None
        return
    with opened(config) as store:
        if store.read(releases.live) is None:
            yield of_files(config), store
        else:
            yield of_store(store), store


def _there(chosen: Settings) -> bool:
    """Whether there is a store; opening would make a file."""
    parts = make_url(chosen.storage.url)
    return parts.drivername != "sqlite" or Path(parts.database or "").exists()


def _standing(release: Release, chosen: Settings, taken: dict[str, Withdrawn], now: datetime) -> Standing:
    shelf = Shelf(release.book, withdrawn=frozenset(taken), sample=chosen.sample)
    return Standing(release, shelf, taken, now.astimezone(PHNOM_PENH).date())
