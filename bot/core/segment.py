"""A segment: who an announcement is for, as a small closed set of parts that staff can read.

Never looks anybody up (`storage.segments` does), and never asks for what was told in confidence.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any, Final

from bot.core.activity import SECTORS
from bot.core.ages import ADULTS
from bot.core.message import Line, PlaceName

EVERYBODY: Final = "broadcast.everybody"
DAYS: Final = (1, 3650)  # that somebody was or was not seen in


@dataclass(frozen=True, slots=True)
class Segment:
    """Somebody is in it who has one of the values of every part that is not empty.

    All but `centres`, `languages`, `channels`, the days and `cases` is what they answered about themselves
    last. `places`: gazetteer codes; whoever lives inside one. `seen_within`, `not_seen`: days. `activity`:
    they said that they come, or may come.
    """

    centres: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    sexes: tuple[str, ...] = ()
    ages: tuple[str, ...] = ()
    worked: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    skills: tuple[str, ...] = ()
    training: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    channels: tuple[str, ...] = ()
    seen_within: int | None = None
    not_seen: int | None = None
    activity: int | None = None
    cases: tuple[str, ...] = ()

    @property
    def neutral(self) -> bool:
        """Whether getting it tells something: its words must read neutrally on a screen that others see."""
        return bool(self.needs or self.cases)


# The keys are those of the intake's answers that lie in clear (`coarse`): nothing of S2 is among them.
VALUES: Final[Mapping[str, tuple[str, ...]]] = {
    "sexes": ("woman", "man", "other"),
    "ages": ADULTS,  # nobody writes to children unasked
    "worked": ("construction", "farm", "factory", "seafood", "domestic", "hospitality", "other"),
    "wants": (*SECTORS, "any"),
    "skills": (
        "mason",
        "welding",
        "electric",
        "mechanic",
        "sewing",
        "cooking",
        "farming",
        "driving",
        "other",
    ),
    "training": ("certificate", "course", "business"),
    "needs": ("owed", "work", "other"),
    "languages": ("km", "en"),
    "channels": ("telegram", "messenger"),
    "cases": ("open", "taken", "closed"),
}
NUMBERS: Final = ("seen_within", "not_seen", "activity")
PARTS: Final = tuple(field.name for field in fields(Segment))
_SHAPES: Final = {
    "centres": re.compile(r"[a-z][a-z0-9-]{0,39}"),
    "places": re.compile(r"[0-9]{2}(?:[0-9]{2}){0,2}"),
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is no part or no value of one; `value` empty: the part itself."""

    part: str
    value: str = ""


def dump(segment: Segment) -> dict[str, Any]:
    """The JSON form: the parts that are not empty, in their order."""
    told = {name: getattr(segment, name) for name in PARTS}
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in told.items()
        if value not in {None, ()}
    }


def load(form: Mapping[str, Any]) -> Segment:
    """The segment of a form that `dump` wrote. Raises ValueError on any other."""
    found = read(form)
    if isinstance(found, tuple):
        raise ValueError(f"no segment: {found}")  # noqa: TRY004 - the form is wrong, not its type
    return found


def read(form: Mapping[str, Any]) -> Segment | tuple[Wrong, ...]:
    """The segment of a form that somebody wrote, or everything that is wrong with it.

    A value may stand alone instead of in a list; a number may be written as text.
    """
    wrong: list[Wrong] = []
    parts: dict[str, Any] = {}
    for name, given in form.items():
        if name not in PARTS:
            wrong.append(Wrong(name))
            continue
        values = [str(one) for one in given] if isinstance(given, list | tuple) else [str(given)]
        bad = [one for one in values if not _is_value(name, one)]
        wrong += [Wrong(name, one) for one in bad]
        if name in NUMBERS and not bad and len(values) != 1:
            wrong.append(Wrong(name, ",".join(values)))
        elif not bad:
            parts[name] = int(values[0]) if name in NUMBERS else _in_order(name, values)
    return tuple(wrong) or Segment(**parts)


def toggled(segment: Segment, part: str, value: str) -> Segment:
    """The segment with the value ticked, or not any more. Raises ValueError on what is no value of it."""
    if part in NUMBERS or not _is_value(part, value):
        raise ValueError(f"{value!r} is no value of {part!r}")
    there: tuple[str, ...] = getattr(segment, part)
    values = [one for one in there if one != value] if value in there else [*there, value]
    changed: Any = {part: _in_order(part, values)}
    return replace(segment, **changed)


def describe(segment: Segment) -> Line:
    """Who it is for, in words that staff read: one clause for each part."""
    clauses = [
        Line(f"broadcast.who.{name}", {"what": _said(name, getattr(segment, name))})
        for name in PARTS
        if getattr(segment, name) not in {None, ()}
    ]
    return Line("broadcast.who", {"clauses": tuple(clauses)}) if clauses else Line(EVERYBODY)


def _said(part: str, value: tuple[str, ...] | int) -> tuple[Line, ...] | int:
    if isinstance(value, int):
        return value
    match part:
        case "places":
            return tuple(Line("broadcast.place", {"place": PlaceName(one)}) for one in value)
        case "centres":
            return tuple(Line(f"centres.{one}.name") for one in value)
        case _:
            return tuple(Line(f"broadcast.{part}.{one}") for one in value)


def _is_value(part: str, value: str) -> bool:
    if part in NUMBERS:
        least, most = DAYS if part != "activity" else (1, 2**63 - 1)
        return value.isascii() and value.isdigit() and len(value) < 20 and least <= int(value) <= most
    if part in _SHAPES:
        return _SHAPES[part].fullmatch(value) is not None
    return value in VALUES.get(part, ())


def _in_order(part: str, values: Iterable[str]) -> tuple[str, ...]:
    """Each once, in the order of the closed set, or as they came."""
    once = dict.fromkeys(values)
    return tuple(one for one in VALUES[part] if one in once) if part in VALUES else tuple(once)
