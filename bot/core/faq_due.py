"""What staff must look at again: answers whose time runs out, and safety numbers that nobody has called.

Never changes what is said (`faq` decides that), and never reads a clock.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from bot.core.book import Book, Hotline
from bot.core.faq import Entry, Faq

SOON = timedelta(days=30)  # owners hear of it so long before (the issue)
CALLED_WITHIN = timedelta(days=90)  # safety numbers (the issue)
HOTLINES = "hotlines."


@dataclass(frozen=True, slots=True)
class Due:
    """An entry that is not asserted from `until` on."""

    entry: Entry
    until: date


def expiring(faq: Faq, today: date) -> tuple[Due, ...]:
    """The entries whose time runs out within 30 days, the soonest first."""
    return tuple(one for one in _by_day(faq) if today < one.until <= today + SOON)


def expired(faq: Faq, today: date) -> tuple[Due, ...]:
    """The entries whose time is over, the longest first."""
    return tuple(one for one in _by_day(faq) if one.until <= today)


def uncalled(book: Book, today: date) -> tuple[Hotline, ...]:
    """The lines that the danger route gives and that nobody has called within 90 days."""
    given = set(_of_danger(book))
    return tuple(
        one
        for one in book.hotlines.values()
        if one.id in given and (one.called_on is None or today - one.called_on > CALLED_WITHIN)
    )


def _by_day(faq: Faq) -> list[Due]:
    return sorted(
        (Due(one, faq.until(one)) for one in faq.entries.values()), key=lambda due: (due.until, due.entry.id)
    )


def _of_danger(book: Book) -> Iterator[str]:
    """The ids of the lines that dialogs of the danger route name."""
    for route in book.routes:
        if route.rank == "danger" and route.dialog in book.dialogs:
            for node in book.dialogs[route.dialog].nodes.values():
                yield from (
                    source.removeprefix(HOTLINES)
                    for source in node.args.values()
                    if source.startswith(HOTLINES)
                )
