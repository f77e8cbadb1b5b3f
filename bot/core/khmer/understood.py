"""What words were understood as: one value for sure, several that a person must choose among, or none.

Never chooses by itself.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

T = TypeVar("T")
U = TypeVar("U")


@dataclass(frozen=True, slots=True)
class Understood(Generic[T]):
    """`candidates`: all that it may be. `impossible`: written as one should, but there is no such thing."""

    candidates: tuple[T, ...] = ()
    impossible: bool = False

    @property
    def sure(self) -> T | None:
        """The value when it is the only one."""
        return self.candidates[0] if len(self.candidates) == 1 else None

    def those(self, fits: Callable[[T], bool]) -> "Understood[T]":
        """Only the candidates that fit what was asked."""
        return replace(self, candidates=tuple(filter(fits, self.candidates)))

    def each(self, meaning: Callable[[T], U]) -> "Understood[U]":
        """The same in other values; equal ones become one."""
        return Understood(tuple(dict.fromkeys(map(meaning, self.candidates))), self.impossible)
