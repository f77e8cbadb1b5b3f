"""Proofs about conditions: they name what exists, and compare it with what it can be.

Never evaluates one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, assert_never

from bot.core.book import Book
from bot.core.condition import (
    Among,
    And,
    Answered,
    Compare,
    Condition,
    Constant,
    Has,
    Name,
    Not,
    Operand,
    Or,
    Truth,
)
from bot.core.contact import LANGUAGES
from bot.core.dialog import (
    ChoiceNode,
    DateNode,
    MediaNode,
    MultiChoiceNode,
    NameNode,
    Node,
    NumberNode,
    PhoneNode,
    PlaceNode,
    TextNode,
    YesNoNode,
)
from bot.core.finding import Finding, Place, find
from bot.core.outline import choices_of, every_node, place_of, shared_fields

PURPOSES = (
    *("help", "messages", "call", "successor"),
    *("messages-fairs", "messages-training", "messages-jobs"),
)
SUBJECTS = ("self", "family", "group")
CHANNELS = ("telegram", "messenger", "webchat", "terminal")


@dataclass(frozen=True, slots=True)
class _Sort:
    """What a name stands for; `options`: the only texts it can be."""

    of: Literal["flag", "text", "keys", "number", "nothing"]
    options: tuple[str, ...] = ()


_FLAG = _Sort("flag")


def check_conditions(book: Book) -> Iterator[Finding]:
    """Findings of every condition in the Book."""
    seen = shared_fields(book)
    everywhere = {name: node for fields in seen.values() for name, node in fields.items()}
    for dialog, node in every_node(book):
        for key, condition in _conditions(node):
            names = _Names(book, seen[dialog.id], everywhere)
            yield from names.check(place_of(dialog, node, key), condition)
    if book.quiet_when:
        routes = Place("dialogs/routes.toml", key="quiet_when")
        yield from _Names(book, everywhere, everywhere).check(routes, book.quiet_when)


def _conditions(node: Node) -> Iterator[tuple[str, Condition]]:
    if node.show_if:
        yield "show_if", node.show_if
    for at, (condition, _) in enumerate(node.branches, 1):
        yield f"branch.{at}.when", condition
    for key, choice in choices_of(node).items():
        if choice.when:
            yield f"{key}.when", choice.when


class _Names:
    """The names that one dialog's conditions may use: its `fields`, and those `everywhere` after `any.`."""

    def __init__(self, book: Book, fields: Mapping[str, Node], everywhere: Mapping[str, Node]) -> None:
        self._book = book
        self._fields = fields
        self._everywhere = {f"any.{name}": node for name, node in everywhere.items()}

    def check(self, place: Place, condition: Condition) -> Iterator[Finding]:
        match condition:
            case Compare(left, sign, right):
                yield from self._pair(place, left, right, ordered=sign not in {"==", "!="})
                yield from self._pair(place, right, left, ordered=sign not in {"==", "!="})
            case Among(left, options):
                for option in options:
                    yield from self._pair(place, left, option, ordered=False)
            case Has(left, key):
                yield from self._has(place, left, key)
            case Answered(name):
                if name.name not in {*self._fields, *self._everywhere}:
                    yield find(place, "condition-name", name=name.name)
            case Truth(Name(name)):
                yield from self._truth(place, name)
            case Truth():
                pass
            case Not(part):
                yield from self.check(place, part)
            case And(parts) | Or(parts):
                for part in parts:
                    yield from self.check(place, part)
            case _:
                assert_never(condition)

    def _truth(self, place: Place, name: str) -> Iterator[Finding]:
        sort = self._sort(name)
        if sort is None:
            yield find(place, "condition-name", name=name)
        elif sort != _FLAG:
            yield find(place, "condition-sort", name=name)

    def _has(self, place: Place, left: Name, key: Constant) -> Iterator[Finding]:
        sort = self._sort(left.name)
        if sort is None:
            yield find(place, "condition-name", name=left.name)
        elif not sort.options:
            yield find(place, "condition-has", name=left.name)
        elif key.value not in sort.options:
            yield _no_option(place, left.name, key, sort)

    def _pair(self, place: Place, one: Operand, other: Operand, *, ordered: bool) -> Iterator[Finding]:
        if not isinstance(one, Name):
            return
        sort = self._sort(one.name)
        if sort is None:
            yield find(place, "condition-name", name=one.name)
        elif sort.of == "keys":
            yield find(place, "condition-has", name=one.name)
        elif sort.of == "nothing" or (ordered and (sort.options or sort.of == "flag")):
            yield find(place, "condition-sort", name=one.name)
        elif isinstance(other, Constant):
            if not _fits(sort, other):
                yield find(place, "condition-sort", name=one.name)
            elif sort.options and other.value not in sort.options:
                yield _no_option(place, one.name, other, sort)

    def _sort(self, name: str) -> _Sort | None:
        head, _, tail = name.partition(".")
        match head, tail:
            case "subject", "":
                return _Sort("text", SUBJECTS)
            case "language", "":
                return _Sort("text", LANGUAGES)
            case "channel", "":
                return _Sort("text", CHANNELS)
            case (("suspended" | "case"), "") | ("case", "open"):
                return _FLAG
            case (("listens" | "discreet" | "code" | "voices" | "companions" | "shared" | "open"), ""):
                return _FLAG
            case (("linked" | "apps" | "quiet"), ""):
                return _FLAG
            case "any", _:
                return _sort_of(self._everywhere[name]) if name in self._everywhere else None
            case (("consent" | "asked"), _):
                return _FLAG if tail in PURPOSES else None
            case "started", _:
                return _FLAG if tail in self._book.dialogs else None
        node = self._fields.get(head)
        if node is None or (tail and not (tail == "province" and isinstance(node.kind, PlaceNode))):
            return None
        return _sort_of(node)


def _sort_of(node: Node) -> _Sort:
    match node.kind:
        case ChoiceNode(choices=choices):
            return _Sort("text", tuple(choice.key for choice in choices))
        case MultiChoiceNode(choices=choices):
            return _Sort("keys", tuple(choice.key for choice in choices))
        case YesNoNode():
            return _FLAG
        case NumberNode():
            return _Sort("number")
        case TextNode() | NameNode() | DateNode() | PhoneNode() | PlaceNode():
            return _Sort("text")
        case MediaNode() | _:
            return _Sort("nothing")


def _fits(sort: _Sort, constant: Constant) -> bool:
    match constant.value:
        case bool():
            return sort.of == "flag"
        case Decimal():
            return sort.of == "number"
        case _:
            return sort.of == "text"


def _no_option(place: Place, name: str, constant: Constant, sort: _Sort) -> Finding:
    options = ", ".join(sort.options)
    return find(place, "condition-choice", name=name, given=constant.value, options=options)
