"""Which legal answers differ between two Releases: for those, two members of staff sign.

Never decides who may sign, nor what becomes live.
"""

from bot.core.book import Book
from bot.core.faq import Entry


def legal_changes(live: Book | None, wanted: Book) -> tuple[str, ...]:
    """The legal entries of which another Release says something else, on other authority or for longer."""
    before = live.faq.entries if live else {}
    return tuple(
        one.id
        for one in wanted.faq.entries.values()
        if "legal" in {one.kind, before.get(one.id, one).kind}
        and (live is None or one.id not in before or _told(live, before[one.id]) != _told(wanted, one))
    )


def _told(book: Book, entry: Entry) -> tuple[object, ...]:
    return entry.version, entry.kind, entry.reviewed_by, book.faq.until(entry)
