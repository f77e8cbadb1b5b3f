"""How a stock bot announces something: a command starts a task that writes to one chat after the other.

Never remembers who has had it: the peer gets that for free.
"""

import logging
from collections.abc import Iterator

from telegram import Bot, Update
from telegram.error import TelegramError
from telegram.ext import ContextTypes

from bench.plans import ANNOUNCEMENT

_AT_ONCE = (
    2  # sends in flight: as few as reach the rate over the bench's delay, for replies queue behind them
)
log = logging.getLogger(__name__)


class Announcing:
    """The handler of `/announce`, to these chats."""

    def __init__(self, chats: range) -> None:
        self._chats = chats

    async def begin(self, update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Start and return at once, so that updates are handled meanwhile."""
        del update
        left = iter(self._chats)
        for _ in range(_AT_ONCE):
            context.application.create_task(_send(context.bot, left))


async def _send(bot: Bot, left: Iterator[int]) -> None:
    for chat in left:
        try:
            await bot.send_message(chat, ANNOUNCEMENT)
        except TelegramError as error:
            log.warning("not announced: %s", type(error).__name__)
