"""What a person answered: the value types, and their one JSON form.

Never knows how an answer was understood (see `reading`) or where it is kept.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, assert_never


@dataclass(frozen=True, slots=True)
class Key:
    """One choice."""

    key: str


@dataclass(frozen=True, slots=True)
class Keys:
    """Several choices, in the order of the script."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""

    yes: bool


@dataclass(frozen=True, slots=True)
class Words:
    """Free text or a name, normalised."""

    text: str


@dataclass(frozen=True, slots=True)
class Number:
    """A number, exact."""

    number: Decimal


@dataclass(frozen=True, slots=True)
class Day:
    """A full date."""

    day: date


@dataclass(frozen=True, slots=True)
class Month:
    """A month of a year."""

    year: int
    month: int


@dataclass(frozen=True, slots=True)
class Phone:
    """A phone number in E.164."""

    e164: str


@dataclass(frozen=True, slots=True)
class PlaceCode:
    """A gazetteer code of 2 (province), 4 (district) or 6 (commune) digits; `abroad` has none."""

    code: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A voice note, picture or file instead of words: a person will listen. `ref` as in the event."""

    ref: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """The person chose not to answer."""


Value = Key | Keys | Flag | Words | Number | Day | Month | Phone | PlaceCode | Heard | Skipped


def dump(value: Value) -> list[Any]:
    """The JSON form `[kind, …]`."""
    match value:
        case Key(key):
            return ["key", key]
        case Keys(keys):
            return ["keys", *keys]
        case Flag(yes):
            return ["flag", yes]
        case Words(text):
            return ["words", text]
        case Number(number):
            return ["number", str(number)]
        case Day(day):
            return ["day", day.isoformat()]
        case Month(year, month):
            return ["month", year, month]
        case Phone(e164):
            return ["phone", e164]
        case PlaceCode(code):
            return ["place", code]
        case Heard(ref):
            return ["heard", ref]
        case Skipped():
            return ["skipped"]
        case _:
            assert_never(value)


def load(form: list[Any]) -> Value:
    """The value of a JSON form that `dump` wrote. Raises ValueError on any other."""
    match form:
        case ["key", str(key)]:
            return Key(key)
        case ["keys", *keys]:
            return Keys(tuple(str(key) for key in keys))
        case ["flag", bool(yes)]:
            return Flag(yes)
        case ["words", str(text)]:
            return Words(text)
        case ["number", str(number)]:
            return Number(Decimal(number))
        case ["day", str(day)]:
            return Day(date.fromisoformat(day))
        case ["month", int(year), int(month)]:
            return Month(year, month)
        case ["phone", str(e164)]:
            return Phone(e164)
        case ["place", str(code)]:
            return PlaceCode(code)
        case ["heard", str(ref)]:
            return Heard(ref)
        case ["skipped"]:
            return Skipped()
        case _:
            raise ValueError("not an answer")
