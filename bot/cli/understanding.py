"""`spean understand KIND`: what the bot makes of a line, one line in, one JSON line out.

Never knows a question of the script: only the kinds of answers that mean the same everywhere.
"""

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any, assert_never

import typer

from bot.cli.options import BOT_TOML, Config
from bot.cli.output import json_line
from bot.cli.refused import Refused
from bot.core.khmer import dates, digits, yesno
from bot.core.khmer.fold import fold
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
    date = "date"
    phone = "phone"
    place = "place"
    yesno = "yesno"
    safety = "safety"


Reader = Callable[[str], tuple[Any, list[Any]]]


def understand(
    kind: Annotated[Kind, typer.Argument(help="What each line is to be read as.")],
    *,
    config: Config = BOT_TOML,
) -> None:
    """Read lines from standard input and print what the bot makes of each; null when it would ask again."""
    del config  # every command takes it; understanding does not depend on it
    read = _reader(kind, datetime.now(UTC).astimezone(PHNOM_PENH).date())
    for line in sys.stdin:
        text = line.rstrip("\r\n")
        value, candidates = read(text)
        json_line({"input": text, "value": value, "candidates": candidates})
        sys.stdout.flush()


def _reader(kind: Kind, today: date) -> Reader:
    match kind:
        case Kind.normalise:
            return lambda text: _sure(normalise(text))
        case Kind.fold:
            return lambda text: _sure(fold(text))
        case Kind.number:
            return _number
        case Kind.date:
            return lambda text: _date(text, today)
        case Kind.phone:
            return lambda text: _sure(phone(text))
        case Kind.yesno:
            return lambda text: _sure(yesno.yes_or_no(text))
        case Kind.place:
            return _place_reader()
        case Kind.safety:
            return _safety_reader()
        case _:
            assert_never(kind)


def _sure(value: object) -> tuple[Any, list[Any]]:
    return value, [] if value is None else [value]


def _number(text: str) -> tuple[Any, list[Any]]:
    number = digits.number(text)
    if number is None:
        return _sure(None)
    return _sure(int(number) if number == number.to_integral_value() else float(number))


def _date(text: str, today: date) -> tuple[Any, list[Any]]:
    """A full date as 2026-11-22, a month as 2026-11."""
    day = dates.day(text, today)
    if day is not None:
        return _sure(day.isoformat())
    month = dates.month(text, today)
    return _sure(None if month is None else f"{month[0]:04}-{month[1]:02}")


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
