"""The proofs that a Book and its words will not fail a person: the compiler of dialogs.

Never mends anything and never says a sentence: Findings name the fault, catalogues word it.
"""

from collections.abc import Mapping
from datetime import date

from bot.core.book import Book
from bot.core.check_conditions import check_conditions
from bot.core.check_faq import check_faq
from bot.core.check_flow import check_flow
from bot.core.check_nodes import check_book
from bot.core.check_safety import check_safety
from bot.core.check_speech import check_speech
from bot.core.check_words import Catalogues, check_words
from bot.core.finding import Finding


def check(
    book: Book, catalogues: Catalogues, recordings: Mapping[str, bytes], today: date | None = None
) -> tuple[Finding, ...]:
    """Every Finding, warnings too. `recordings`: those files and their lists, bytes by path.

    `today`: what has run out by then is told; None: nothing runs out.
    """
    return (
        *check_book(book),
        *check_flow(book),
        *check_conditions(book),
        *check_words(book, catalogues),
        *check_speech(book, catalogues, recordings),
        *check_safety(book),
        *check_faq(book, today),
    )
