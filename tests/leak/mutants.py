"""Leaks to be planted into a running `spean`, so that the leak test is known to find them (see `loud`).

Never part of the product; each is what somebody could write by mistake.
"""

# ruff: noqa: PLC0415, ANN401 - each imports what it breaks, and breaks it whatever its types

import sqlite3
from collections.abc import Callable
from typing import Any

import structlog
from aiohttp import web

MUTANTS: dict[str, Callable[[], None]] = {}
log = structlog.get_logger()


def mutant(plant: Callable[[], None]) -> Callable[[], None]:
    """Known by its name."""
    MUTANTS[plant.__name__.replace("_", "-")] = plant
    return plant


@mutant
def logs_words() -> None:
    """A debug line with the event in it."""
    from bot.core import engine

    advance = engine.advance

    def telling(shelf: Any, contact: Any, session: Any, event: Any, now: Any) -> Any:
        log.debug("step", event_body=repr(event.body))
        return advance(shelf, contact, session, event, now)

    engine.advance = telling


@mutant
def logs_the_exception() -> None:
    """A failed step with its message."""
    from bot.runner import inbound

    inbound._named = repr  # type: ignore[assignment]  # noqa: SLF001


@mutant
def keeps_dangerous_words() -> None:
    """The inbox keeps every body."""
    from bot.runner.step import Step

    Step.words_kept = property(lambda _: True, lambda *_: None)  # type: ignore[assignment]


@mutant
def parks_dangerous_words() -> None:
    """A broken step keeps the raw update, whatever it says."""
    from bot.core import route

    route.dangerous = lambda *_: False


@mutant
def repeats_what_is_sensitive() -> None:
    """The review shows every answer."""
    from bot.core import asking

    spoken = asking.spoken

    def telling(node: Any, value: Any) -> Any:
        object.__setattr__(node, "sensitivity", "S1")
        return spoken(node, value)

    asking.spoken = telling


@mutant
def copies_answers_in_clear() -> None:
    """Every answer has a clear copy, for counting."""
    from storage import submissions

    save = submissions.save_answer

    def copying(*cells: Any, **named: Any) -> Any:
        return save(*cells, **named | {"coarse": cells[-1].decode()})

    submissions.save_answer = copying


@mutant
def answers_with_what_was_posted() -> None:
    """A refusal that quotes."""
    from bot.web import bodies, problem

    json_object = bodies.json_object

    def quoting(body: bytes) -> Any:
        try:
            return json_object(body)
        except problem.Problem as refused:
            raise problem.Problem(refused.status, body.decode("utf-8", "replace")) from None

    from bot.web import chat, webhooks

    chat.json_object = webhooks.json_object = quoting


@mutant
def logs_bad_requests() -> None:
    """The HTTP server's own lines, with what it could not parse."""
    from bot.web import server_log

    server_log.LOGGER.filters.clear()


@mutant
def leaves_what_was_deleted() -> None:
    """SQLite as it is by default: a deleted row stays in the page it stood on."""
    from storage import sqlite as door

    settle = door._settle  # noqa: SLF001

    def settling(path: Any, raw: sqlite3.Connection, *, checkpoint: bool) -> None:
        settle(path, raw, checkpoint=checkpoint)
        raw.execute("PRAGMA secure_delete=OFF")

    door._settle = settling  # noqa: SLF001


@mutant
def leaves_the_wal() -> None:
    """After an erasure what was written before stays in the WAL until something is written over it."""
    from storage import sqlite as door

    def sweeping(self: Any) -> bool:
        with sqlite3.connect(self.path) as raw:
            raw.execute("PRAGMA wal_checkpoint(PASSIVE)")
        raw.close()
        return True

    door.SqliteDoor.sweep = sweeping  # type: ignore[method-assign]


@mutant
def counts_by_name() -> None:
    """A metric labelled with a person."""
    from bot.web import internal

    made = internal.internal_app

    def telling(ready: Any, metrics: Any) -> web.Application:
        seen: list[str] = []
        from bot.core import engine

        advance = engine.advance

        def counting(shelf: Any, contact: Any, session: Any, event: Any, now: Any) -> Any:
            seen.append(event.address.external)
            return advance(shelf, contact, session, event, now)

        engine.advance = counting
        return made(ready, lambda: metrics() + f"people {seen}".encode())

    import bot.app

    bot.app.internal_app = telling
