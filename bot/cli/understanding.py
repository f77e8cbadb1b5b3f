"""`spean understand KIND`: what the bot makes of a line, one line in, one JSON line out.

Never knows a question of the script: only the kinds of answers that mean the same everywhere.
"""

import sys
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer

from bot.cli.options import BOT_TOML, Config
from bot.cli.output import json_line
from bot.cli.refused import Refused
from bot.clock import SystemClock
from bot.core.khmer import dates, digits, yesno
from bot.core.khmer.ages import age
from bot.core.khmer.amounts import amount
from bot.core.khmer.fold import fold
from bot.core.khmer.language import written_in
from bot.core.khmer.names import name
from bot.core.khmer.normalise import normalise
from bot.core.phone import phone
from bot.core.places import Place, load
from bot.core.safety import alarm, phrases
from bot.core.schedule import PHNOM_PENH
from bot.script_files import SAFETY, WEIGHTS, parse_files

PLACES = Path("dialogs/places.toml")


class Kind(StrEnum):
    """What a line may be read as."""

    normalise = "normalise"
    fold = "fold"
    number = "number"
    amount = "amount"
    date = "date"
    age = "age"
    phone = "phone"
    name = "name"
    place = "place"
    yesno = "yesno"
    language = "language"
    safety = "safety"


Reader = Callable[[str], tuple[Any, list[Any]]]
# What a line means surely or not at all.
_ONE: Mapping[Kind, Callable[[str], object]] = {
    Kind.normalise: normalise,
    Kind.fold: fold,
    Kind.phone: phone,
    Kind.name: name,
    Kind.yesno: yesno.yes_or_no,
    Kind.language: written_in,
}


def understand(
    kind: Annotated[Kind, typer.Argument(help="What each line is to be read as.")],
    *,
    config: Config = BOT_TOML,
) -> None:
    """Read lines from standard input and print what the bot makes of each; null when it would ask again."""
    del config  # every command takes it; understanding does not depend on it
    read = _reader(kind, SystemClock().now().astimezone(PHNOM_PENH).date())
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        value, candidates = read(text)
        json_line({"input": text, "value": value, "candidates": candidates})
        sys.stdout.flush()


def _reader(kind: Kind, today: date) -> Reader:
    match kind:
        case Kind.normalise | Kind.fold | Kind.phone | Kind.name | Kind.yesno | Kind.language:
            return lambda text: _sure(_ONE[kind](text))
        case Kind.number | Kind.amount | Kind.date | Kind.age:
            return lambda text: _listed(_may_be(kind, text, today))
        case Kind.place:
            return _place_reader()
        case Kind.safety:
            return _safety_reader()
        case _:
            assert_never(kind)


def _sure(value: object) -> tuple[Any, list[Any]]:
    return value, [] if value is None else [value]


def _listed(candidates: list[Any]) -> tuple[Any, list[Any]]:
    """The only candidate is the value; among several it asks."""
    return candidates[0] if len(candidates) == 1 else None, candidates


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _may_be(kind: Kind, text: str, today: date) -> list[Any]:
    """Every number, amount, age or date that the line may be."""
    match kind:
        case Kind.number:
            return [] if (number := digits.number(text)) is None else [_plain(number)]
        case Kind.amount:
            found = amount(text).candidates
            return [{"amount": _plain(one.value), "currency": one.currency} for one in found]
        case Kind.age:
            return list(age(text, today).candidates)
        case _:
            return _dates(text, today)


def _dates(text: str, today: date) -> list[Any]:
    """A full date as 2026-11-22, else a month as 2026-11, else a year as 2026."""
    days = [one.isoformat() for one in dates.day(text, today).candidates]
    months = [f"{year:04}-{month:02}" for year, month in dates.month(text, today).candidates]
    return days or months or [f"{year:04}" for year in dates.year(text, today).candidates]


def _place_reader() -> Reader:
    try:
        gazetteer = load(PLACES.read_bytes())
    except ValueError as error:
        raise Refused(
            str(PLACES), f"it is not a gazetteer: {error}", "run spean check and mend what it finds"
        ) from error

    def read(text: str) -> tuple[Any, list[Any]]:
        found = gazetteer.match(text)
        if isinstance(found, Place):
            return found.code, [_place(found)]
        return None, [_place(place) for place in found]

    return read


def _safety_reader() -> Reader:
    files = (file for file in (SAFETY, WEIGHTS) if Path(file).exists())
    parsed = parse_files({file: Path(file).read_bytes() for file in files})
    if any(one.file in {SAFETY, WEIGHTS} and one.severity == "error" for one in parsed.findings):
        raise Refused(SAFETY, "it cannot be read", "run spean check and mend what it finds")

    def read(text: str) -> tuple[Any, list[Any]]:
        found = phrases(parsed.safety, text)
        kind = alarm(parsed.safety, text)
        value = kind if kind in ("danger", "need") else None
        return value, [{"kind": one.kind, "theme": one.theme, "phrase": one.text} for one in found]

    return read


def _place(place: Place) -> dict[str, str]:
    return {"code": place.code, "km": place.km, "en": place.en}
