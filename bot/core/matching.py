"""Typed words matched to what could have been tapped: by number, by label in any language, by phrase.

Never guesses: what is not surely one of them is none.
"""

import re
from collections.abc import Callable
from datetime import date

from bot.core.book import Book
from bot.core.dialog import Choice
from bot.core.khmer import ages, digits
from bot.core.khmer.fold import fold
from bot.core.khmer.romanised import latin

_RUN_OF_DIGITS = re.compile(r"[0-9]+")
_DOUBLED = re.compile(r"([a-z])\1+")
_UNSAID = str.maketrans("", "", " ➡⬅?'’")
_LAST = re.compile("(?<=.)[.!។]$")  # one: "…" may be a doubt
_BETWEEN_NUMBERS = re.compile(r"(?:\s|,|;|និង|and)+")


def named(book: Book, label: str, text: str) -> bool:
    """Whether the text is that label, in any language."""
    return any(_key(words) == _key(text) for words in book.labels.get(label, ()))


def _key(text: str) -> str:
    """Without what one writes and another does not: spaces, apostrophes, the last stop, and arrows."""
    return _LAST.sub("", fold(text)).translate(_UNSAID)


def by_words(book: Book, choices: tuple[Choice, ...], text: str) -> Choice | None:
    """The choice whose label (also the short one) or phrase the text is, letter by letter.

    A Latin letter written twice counts once; what only sounds alike is for `meant`, which asks.
    """
    key, letters = _key(text), _once(text)
    for choice in choices:
        ways = (*book.labels.get(choice.label, ()), *book.labels.get(choice.short or "", ()), *choice.phrases)
        if any(_key(way) == key for way in ways):
            return choice
        if letters and any(_once(way) == letters for way in ways):
            return choice
    return None


def _once(text: str) -> str:
    """Its Latin letters and digits, none twice in a row unless it is a digit; empty for other scripts."""
    return _DOUBLED.sub(r"\1", latin(text)) if text.isascii() else ""


def by_number(choices: tuple[Choice, ...], text: str) -> Choice | None:
    """The choice that a number means: by its value where the script says so, else by place in the list."""
    if any(one.between for one in choices):
        values = [int(run[:9]) for run in _RUN_OF_DIGITS.findall(digits.to_ascii_digits(text))]
        if not values and (in_words := digits.number(text)) is not None:
            values = [int(in_words)]
        fits = (one for one in choices if one.between and all(map(_within(one.between), values)))
        return next(fits, None) if values else None
    number = digits.number(text)
    if number is None or not 1 <= number <= len(choices) or number != int(number):
        return None
    return choices[int(number) - 1]


def by_age(choices: tuple[Choice, ...], text: str, today: date) -> Choice | None:
    """The choice that an age or a year of birth means; none where it may mean two."""
    years = ages.age(text, today).candidates
    fits = (one for one in choices if one.between and all(map(_within(one.between), years)))
    return next(fits, None) if years else None


def _within(span: tuple[int, int]) -> Callable[[int], bool]:
    return lambda value: span[0] <= value <= span[1]


def by_numbers(choices: tuple[Choice, ...], text: str) -> tuple[str, ...]:
    """The keys of several choices by their numbers, "1, 3" or "១ ៣"; none for anything else."""
    parts = [part for part in _BETWEEN_NUMBERS.split(digits.to_ascii_digits(text)) if part]
    if len(parts) < 2 or not all(part.isdecimal() and 1 <= int(part[:4]) <= len(choices) for part in parts):
        return ()
    wanted = {int(part[:4]) for part in parts}
    return tuple(one.key for at, one in enumerate(choices, 1) if at in wanted)
