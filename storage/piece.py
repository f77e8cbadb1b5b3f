"""A piece of work that waits for the writer, and how its result goes back to who asked.

Never runs the work itself.
"""

import asyncio
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from contextlib import suppress
from typing import Any

from sqlalchemy import Connection


class Piece:
    """`loop` None: somebody blocks on a thread's future."""

    __slots__ = ("error", "future", "loop", "result", "work")

    def __init__(self, work: Callable[[Connection], Any], loop: asyncio.AbstractEventLoop | None) -> None:
        self.work = work
        self.loop = loop
        self.future: asyncio.Future[Any] | Future[Any] = loop.create_future() if loop else Future()
        self.result: Any = None
        self.error: Exception | None = None

    def settle(self) -> None:
        """Give the outcome to who waits, unless they gave up waiting."""
        if self.future.done():
            return
        if self.error is not None:
            self.future.set_exception(self.error)
        else:
            self.future.set_result(self.result)


def deliver(pieces: Iterable[Piece]) -> None:
    """Settle all of them, waking each event loop once."""
    waiting: dict[asyncio.AbstractEventLoop, list[Piece]] = {}
    for piece in pieces:
        if piece.loop is None:
            piece.settle()
        else:
            waiting.setdefault(piece.loop, []).append(piece)
    for loop, theirs in waiting.items():
        with suppress(RuntimeError):  # a closed loop: nobody waits any more, and the work is committed
            loop.call_soon_threadsafe(_settle, theirs)


def _settle(pieces: Iterable[Piece]) -> None:
    for piece in pieces:
        piece.settle()
