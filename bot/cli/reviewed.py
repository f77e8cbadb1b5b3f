"""What `spean doctor` says of the answers known by heart: their dates, who reviewed them, numbers called.

Never says how often an answer was asked for.
"""

from collections.abc import Iterator
from typing import Literal

from bot.cli.checks import Check
from bot.clock import SystemClock
from bot.config import Settings
from bot.core.book import Book
from bot.core.faq_due import CALLED_WITHIN, Due, expired, expiring, uncalled
from bot.core.schedule import PHNOM_PENH
from bot.runner.publishing import live_book
from storage import answers
from storage.database import Database

NAMED = 20
RENEW = "check the source, then write new reviewed and expires days in dialogs/faq/, and publish"


def reviewed(chosen: Settings, database: Database) -> Iterator[Check]:
    """Of the live Release; a sample site, which reaches nobody real, is only warned."""
    book = database.read_now(live_book)
    if book is None:
        return
    today = SystemClock().now().astimezone(PHNOM_PENH).date()
    over, soon = expired(book.faq, today), expiring(book.faq, today)
    bad: Literal["warning", "fault"] = "warning" if chosen.sample else "fault"
    if over:
        yield Check(bad, "answers", f"past their time, so not asserted: {_named(over)}", RENEW)
    if soon:
        yield Check("warning", "answers", f"soon past their time: {_named(soon)}", RENEW)
    if book.faq.entries and not (over or soon):
        yield Check("good", "answers", f"{len(book.faq.entries)} entries, none runs out within 30 days")
    yield from _unreviewed(chosen, book)
    if taken := database.read_now(answers.withdrawn):
        cure = "publish what is right, then spean faq restore"
        yield Check("warning", "answers", f"taken back by staff: {', '.join(sorted(taken))}", cure)
    if uncalled_ := uncalled(book, today):
        names = ", ".join(one.id for one in uncalled_)
        what = f"safety numbers that nobody called within {CALLED_WITHIN.days} days: {names}"
        yield Check(bad, "hotlines", what, "call each, then write called_on in dialogs/hotlines.toml")


def _unreviewed(chosen: Settings, book: Book) -> Iterator[Check]:
    legal = [one for one in book.faq.entries.values() if one.kind == "legal" and one.reviewed_by is None]
    if legal:
        shown = "shown as drafts" if chosen.sample else "not asserted"
        what = f"legal entries that nobody has reviewed, so {shown}: {len(legal)}"
        yield Check("warning", "answers", what, "a lawyer reads them; write reviewed_by in dialogs/faq/")


def _named(due: tuple[Due, ...]) -> str:
    listed = ", ".join(f"{one.entry.id} ({one.until})" for one in due[:NAMED])
    return f"{listed}, …" if len(due) > NAMED else listed
