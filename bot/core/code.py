"""The code of four pictures: the pictures, what was tapped or typed of it, and how far it is.

Never tells which picture was wrong, and never shows one that was given.
"""

from datetime import timedelta

from bot.core import matching
from bot.core.book import Book
from bot.core.events import Body, Tap, Text
from bot.core.khmer import digits
from bot.core.khmer.normalise import normalise
from bot.core.message import Button, Line

PICTURES = tuple("123456789")
LENGTH = 4
WRONG_AT_MOST, WAIT = 5, timedelta(hours=1)  # 6,561 codes: 45 days of trying day and night for half of them
UNDO, FORGOTTEN = "~undo", "~forgotten"


def buttons() -> tuple[Button, ...]:
    """The nine pictures."""
    return tuple(Button(one, Line(f"bot.code.{one}")) for one in PICTURES)


def controls(draft: tuple[str, ...], *, forgotten: bool) -> tuple[tuple[str, str], ...]:
    """Key and label of the buttons below: to take the last one back, and for whom it left."""
    undo = ((UNDO, "bot.code-undo"),) if draft else ()
    return (*undo, (FORGOTTEN, "bot.code-forgotten")) if forgotten else undo


def so_far(draft: tuple[str, ...], *, new: bool) -> tuple[Line, ...]:
    """`●●○○`; of a new code, from the fifth picture on, that the same four come again."""
    again = new and len(draft) >= LENGTH
    given = len(draft) - LENGTH if again else len(draft)
    dots = Line("bot.code-dots", {"dots": "●" * given + "○" * (LENGTH - given)})
    return (Line("bot.code-again"), dots) if again else (dots,)


def given(book: Book, draft: tuple[str, ...], body: Body) -> tuple[str, ...] | None:
    """The pictures given so far, with what a tap, numbers or words add; None for anything else."""
    match body:
        case Tap(payload):
            key = payload.partition(":")[2]
            if key == UNDO:
                return draft[:-1]
            return (*draft, key) if key in PICTURES else None
        case Text(text):
            added = _typed(book, normalise(text).strip())
            return (*draft, *added) if added else None
        case _:
            return None


def _typed(book: Book, text: str) -> tuple[str, ...]:
    numbers = "".join(digits.to_ascii_digits(text).split())
    if numbers and all(one in PICTURES for one in numbers) and len(numbers) <= LENGTH:
        return tuple(numbers)
    return tuple(one for one in PICTURES if matching.named(book, f"bot.code.{one}", text))[:1]
