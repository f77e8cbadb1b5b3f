"""Conditions of scripts: their tree, and its three-valued answer.

Never reads their text (`condition_text` does), never knows where an operand's value is kept (`look` does).
"""

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, assert_never

from bot.core.answers import (
    Day,
    Flag,
    Heard,
    Key,
    Keys,
    Month,
    Number,
    Phone,
    PlaceCode,
    Skipped,
    Value,
    Words,
)

Sign = Literal["==", "!=", "<", "<=", ">", ">="]
Plain = str | Decimal | bool
Found = Value | str | int | bool | None
Look = Callable[[str], Found]


@dataclass(frozen=True, slots=True)
class Name:
    """A field or one of the engine's names (`subject`, `consent.help`, `home.province`, …)."""

    name: str


@dataclass(frozen=True, slots=True)
class Constant:
    """A value written in the condition."""

    value: Plain


Operand = Name | Constant


@dataclass(frozen=True, slots=True)
class Compare:
    """`left sign right`."""

    left: Operand
    sign: Sign
    right: Operand


@dataclass(frozen=True, slots=True)
class Among:
    """`left in [options]`."""

    left: Operand
    options: tuple[Constant, ...]


@dataclass(frozen=True, slots=True)
class Has:
    """`left has 'key'`: of a multi-choice answer (or a choice: the same key)."""

    left: Name
    key: Constant


@dataclass(frozen=True, slots=True)
class Answered:
    """`answered(name)`: by words, tap or voice; skipping is no answer."""

    name: Name


@dataclass(frozen=True, slots=True)
class Truth:
    """A yes/no name, or true or false, standing alone."""

    operand: Operand


@dataclass(frozen=True, slots=True)
class Not:
    """`not part`."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class And:
    """`a and b and …`."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """`a or b or …`."""

    parts: tuple["Condition", ...]


Condition = Compare | Among | Has | Answered | Truth | Not | And | Or

SIGNS: Mapping[Sign, Callable[[Plain, Plain], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def evaluate(condition: Condition, look: Look) -> bool | None:
    """True, False, or None when a voice note decides it. A missing operand makes a comparison False.

    `look` gives an operand's value by its full name; for `home.province` the place itself will do.
    """
    match condition:
        case Compare(left, sign, right):
            return _decide((_value(left, look), _value(right, look)), SIGNS[sign])
        case Among(left, options):
            return _decide((_value(left, look),), lambda value: value in [each.value for each in options])
        case Has(left, key):
            return _has(look(left.name), key.value)
        case Answered(name):
            return not isinstance(look(name.name), Skipped | None)
        case Truth(operand):
            return _decide((_value(operand, look),), lambda value: value is True)
        case Not(part):
            inner = evaluate(part, look)
            return None if inner is None else not inner
        case And(parts):
            return _kleene(parts, look, decisive=False)
        case Or(parts):
            return _kleene(parts, look, decisive=True)
        case _:
            assert_never(condition)


def _kleene(parts: tuple[Condition, ...], look: Look, *, decisive: bool) -> bool | None:
    results = [evaluate(part, look) for part in parts]
    if decisive in results:
        return decisive
    return None if None in results else not decisive


def _decide(values: tuple[Plain | Heard | None, ...], test: Callable[..., bool]) -> bool | None:
    if None in values:
        return False
    if any(isinstance(value, Heard) for value in values):
        return None
    try:
        return test(*values)
    except TypeError:  # 'a' < 3: of different sorts, so in no order
        return False


def _has(found: Found, key: Plain) -> bool | None:
    match found:
        case Heard():
            return None
        case Keys(keys):
            return key in keys
        case Key(one):
            return one == key
        case _:
            return False


def _value(operand: Operand, look: Look) -> Plain | Heard | None:
    if isinstance(operand, Constant):
        return operand.value
    found = look(operand.name)
    if isinstance(found, PlaceCode) and operand.name.endswith(".province"):
        return found.code[:2] if found.code.isdigit() else None
    return _plain(found)


def _plain(found: Found) -> Plain | Heard | None:
    match found:
        case bool() | str() | Heard():
            return found
        case int():
            return Decimal(found)
        case Key(text) | Words(text) | Phone(text) | PlaceCode(text):
            return text
        case Flag(yes):
            return yes
        case Number(number):
            return number
        case Day(day):
            return day.isoformat()
        case Month(year, month):
            return f"{year:04}-{month:02}"
        case Keys() | Skipped() | None:
            return None
        case _:
            assert_never(found)


def fields(condition: Condition) -> frozenset[str]:
    """Every name used, as written (`home.province`, `consent.help`, `case`, …)."""
    return frozenset(part.name for part in operands(condition) if isinstance(part, Name))


def operands(condition: Condition) -> tuple[Operand, ...]:
    """Every operand, left to right."""
    match condition:
        case Compare(left, _, right):
            return (left, right)
        case Among(left, options):
            return (left, *options)
        case Has(left, key):
            return (left, key)
        case Answered(name):
            return (name,)
        case Truth(operand):
            return (operand,)
        case Not(part):
            return operands(part)
        case And(parts) | Or(parts):
            return tuple(operand for part in parts for operand in operands(part))
        case _:
            assert_never(condition)
