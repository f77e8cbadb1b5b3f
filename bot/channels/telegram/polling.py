"""getUpdates as a loop: takes every waiting update, confirms it only after it was taken (committed).

Never confirms what was not taken, and never lets one person's updates overtake each other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NoReturn

import structlog
from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.order import take_all
from bot.channels.telegram.account import AnotherPoller, BadToken
from bot.channels.telegram.channel import TelegramChannel
from bot.channels.telegram.request import Throttled

_log: Final = structlog.get_logger(__name__)

Raw = Mapping[str, Any]
Take = Callable[[Raw], Awaitable[None]]
Confirm = Callable[[int], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds: `wait` of one long poll, first and longest pause after a failure; `conflicts` borne in a row.

    A restart meets the last poll of the process before, so one conflict is nothing.
    """

    wait: float = 25.0
    pause: float = 1.0
    longest: float = 30.0
    conflicts: int = 5


@dataclass(frozen=True, slots=True)
class _Batch:
    """`offset`: what the next call confirms everything below; `failed`: something was not taken."""

    offset: int
    failed: bool


async def poll(
    channel: TelegramChannel, take: Take, offset: int, confirm: Confirm, *, pace: Pace = Pace()
) -> NoReturn:
    """For ever, until cancelled. `offset` 0: wherever Telegram stands. `confirm` hears each new offset.

    `take` returns after its commit; if it raises, its update comes again. Updates of different people are
    taken at the same time. Raises BadToken, AnotherPoller.
    """
    failures = conflicts = 0
    while True:
        pause = 0.0
        try:
            updates = await channel.updates(offset, pace.wait)
            conflicts = 0
        except InvalidToken:
            raise BadToken(channel.api_base) from None
        except Throttled as error:
            pause = error.after
        except Conflict:
            conflicts += 1
            _log.error("telegram.polling.conflict", account=channel.account, times=conflicts)
            if conflicts >= pace.conflicts:
                raise AnotherPoller(channel.account) from None
            pause = pace.pause
        except TelegramError as error:
            failures += 1
            pause = _backoff(pace, failures)
            _log.warning("telegram.polling.failed", account=channel.account, error=type(error).__name__)
        else:
            batch = await _take_all(channel.account, updates, take, offset)
            failures = failures + 1 if batch.failed else 0
            pause = _backoff(pace, failures)
            if batch.offset != offset:
                offset = batch.offset
                await confirm(offset)
        if pause:
            await asyncio.sleep(pause)


def _backoff(pace: Pace, failures: int) -> float:
    """0 after a success, then doubling."""
    return min(pace.longest, pace.pause * 2.0 ** min(failures - 1, 16)) if failures else 0.0


async def _take_all(account: str, updates: Iterable[Any], take: Take, offset: int) -> _Batch:
    """Take a batch: everybody at the same time, each person's own in order until one fails."""
    waiting: list[tuple[int, Raw]] = []
    for raw in updates:
        if isinstance(raw, Mapping) and isinstance(number := raw.get("update_id"), int):
            waiting.append((number, raw))
            offset = max(offset, number + 1)
    untaken = await take_all(waiting, lambda one: _person(one[1]), lambda one: take(one[1]))
    for (number, _), error in untaken:
        _log.error("telegram.polling.untaken", account=account, update=number, error=type(error).__name__)
    return _Batch(min((number for (number, _), _ in untaken), default=offset), bool(untaken))


def _person(raw: Raw) -> object:
    """Whose update it is, as far as order goes; everything of unknown owner is one queue."""
    for body in raw.values():
        if isinstance(body, Mapping) and isinstance(sender := body.get("from"), Mapping):
            return sender.get("id")
    return None
