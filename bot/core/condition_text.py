"""The text of a script's conditions, read into their tree.

Never runs script text as code and never evaluates; bounded in length and depth.
"""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.core.condition import (
    SIGNS,
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
    Sign,
    Truth,
)

LONGEST = 500  # characters of one condition
DEEPEST = 16  # nested `not` and parentheses

Problem = Literal["empty", "too-long", "too-deep", "letter", "unclosed", "unexpected", "unfinished", "lone"]


class BadCondition(Exception):  # noqa: N818 - the name the contract gives it
    """No condition. `position` counts characters from 0; `problem` is the tail of a Finding's message id."""

    def __init__(self, position: int, problem: Problem) -> None:
        super().__init__(f"{problem} at {position}")
        self.position = position
        self.problem = problem


_RESERVED = frozenset({"and", "or", "not", "in", "has", "true", "false", "answered"})
_TOKEN = re.compile(
    r"""\s*(?:
        (?P<name>[a-z][a-z0-9_-]*(?:\.[a-z0-9][a-z0-9_-]*)?)
      | (?P<number>-?[0-9]+(?:\.[0-9]+)?)
      | (?P<string>'[^']*'|"[^"]*")
      | (?P<sign>==|!=|<=|>=|<|>)
      | (?P<mark>[()\[\],])
    )""",
    re.VERBOSE,
)
_REST = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class _Token:
    sort: str  # the group of _TOKEN, or `word` for a reserved name, or `end`
    text: str
    at: int


def parse(source: str) -> Condition:
    """The tree of a condition. Raises BadCondition."""
    if len(source) > LONGEST:
        raise BadCondition(LONGEST, "too-long")
    if not source.strip():
        raise BadCondition(0, "empty")
    reader = _Reader(_tokens(source))
    condition = reader.either(0)
    rest = reader.peek()
    if rest.sort != "end":
        raise BadCondition(rest.at, "unexpected")
    return condition


def _tokens(source: str) -> tuple[_Token, ...]:
    tokens: list[_Token] = []
    at = 0
    while match := _TOKEN.match(source, at):
        sort = str(match.lastgroup)
        text = match.group(sort)
        tokens.append(_Token("word" if text in _RESERVED else sort, text, match.start(sort)))
        at = match.end()
    blank = _REST.match(source, at)
    stop = blank.end() if blank else at
    if stop < len(source):
        raise BadCondition(stop, "unclosed" if source[stop] in "'\"" else "letter")
    tokens.append(_Token("end", "", len(source)))
    return tuple(tokens)


class _Reader:
    """Recursive descent over the tokens; every way down passes `depth` on."""

    def __init__(self, tokens: tuple[_Token, ...]) -> None:
        self._tokens = tokens
        self._next = 0

    def peek(self) -> _Token:
        return self._tokens[self._next]

    def either(self, depth: int) -> Condition:
        parts = [self._both(depth)]
        while self._taken("or"):
            parts.append(self._both(depth))
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _both(self, depth: int) -> Condition:
        parts = [self._one(depth)]
        while self._taken("and"):
            parts.append(self._one(depth))
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self, depth: int) -> Condition:
        if depth >= DEEPEST:
            raise BadCondition(self.peek().at, "too-deep")
        if self._taken("not"):
            return Not(self._one(depth + 1))
        if self._taken("("):
            inner = self.either(depth + 1)
            self._demand(")")
            return inner
        if self._taken("answered"):
            self._demand("(")
            name = self._name()
            self._demand(")")
            return Answered(name)
        return self._comparison()

    def _comparison(self) -> Condition:
        start = self.peek()
        left = self._operand()
        token = self.peek()
        if token.sort == "sign":
            self._next += 1
            return Compare(left, _sign(token), self._operand())
        if self._taken("in"):
            return Among(left, self._options())
        if isinstance(left, Name) and self._taken("has"):
            return Has(left, self._constant())
        if isinstance(left, Constant) and not isinstance(left.value, bool):
            raise BadCondition(start.at, "lone")
        return Truth(left)

    def _options(self) -> tuple[Constant, ...]:
        self._demand("[")
        options = [self._constant()]
        while self._taken(","):
            options.append(self._constant())
        self._demand("]")
        return tuple(options)

    def _operand(self) -> Operand:
        return self._name() if self.peek().sort == "name" else self._constant()

    def _name(self) -> Name:
        token = self._take()
        if token.sort != "name":
            raise BadCondition(token.at, "unexpected")
        return Name(token.text)

    def _constant(self) -> Constant:
        token = self._take()
        match token.sort, token.text:
            case "string", text:
                return Constant(text[1:-1])
            case "number", text:
                return Constant(Decimal(text))
            case "word", ("true" | "false") as text:
                return Constant(text == "true")
            case _:
                raise BadCondition(token.at, "unexpected")

    def _take(self) -> _Token:
        token = self.peek()
        if token.sort == "end":
            raise BadCondition(token.at, "unfinished")
        self._next += 1
        return token

    def _taken(self, text: str) -> bool:
        token = self.peek()
        if token.sort not in {"word", "mark"} or token.text != text:
            return False
        self._next += 1
        return True

    def _demand(self, mark: str) -> None:
        if not self._taken(mark):
            token = self.peek()
            raise BadCondition(token.at, "unfinished" if token.sort == "end" else "unexpected")


def _sign(token: _Token) -> Sign:
    return next(sign for sign in SIGNS if sign == token.text)
