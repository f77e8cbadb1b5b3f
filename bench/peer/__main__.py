"""A stock python-telegram-bot bot behind its own aiohttp webhook, as its documentation shows it.

Never acknowledges after handling: between the 200 and its handler an update is only in memory.
"""

import argparse
import asyncio
import hmac
from functools import partial
from pathlib import Path
from typing import Any

from aiohttp import web
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.ext import (
    AIORateLimiter,
    Application,
    CallbackQueryHandler,
    CommandHandler,
    ContextTypes,
    ConversationHandler,
    MessageHandler,
    filters,
)

from bench.peer.announcing import Announcing
from bench.peer.intake import QUESTIONS, THANKS, Question
from bench.peer.store import Store

Context = ContextTypes.DEFAULT_TYPE
RETRIES = 5  # its rate limiter makes none by default: then whatever is refused is lost


class Intake:
    """The handlers of the conversation; its states are the indices of QUESTIONS.

    `lean`: leave the tapped question as it is instead of showing on it what was chosen.
    """

    def __init__(self, store: Store, *, lean: bool) -> None:
        self._store = store
        self._lean = lean

    def conversation(self) -> ConversationHandler[Context]:
        """One state a question, as ConversationHandler wants it."""
        states = {at: [self._handler(at, question)] for at, question in enumerate(QUESTIONS)}
        return ConversationHandler(
            entry_points=[CommandHandler("start", self.start)],
            states=states,  # type: ignore[arg-type]
            fallbacks=[CommandHandler("start", self.start)],
        )

    def _handler(self, at: int, question: Question) -> Any:  # noqa: ANN401 (two kinds of handler)
        if question.options:
            return CallbackQueryHandler(partial(self.tapped, at=at), pattern=f"^{question.id}:")
        return MessageHandler(filters.TEXT & ~filters.COMMAND, partial(self.typed, at=at))

    async def start(self, update: Update, context: Context) -> int:
        """/start: the first question."""
        del context
        assert update.effective_chat is not None
        await self._store.step(update.effective_chat.id, QUESTIONS[0].id, None)
        return await self._ask(update, 0)

    async def tapped(self, update: Update, context: Context, at: int) -> int:
        """A button: stop its spinner, remember, show the choice, go on."""
        del context
        query = update.callback_query
        assert query is not None
        assert query.data is not None
        await query.answer()
        key = query.data.partition(":")[2]
        await self._remember(update, at, key)
        if not self._lean:
            label = dict(QUESTIONS[at].options)[key]
            await query.edit_message_text(f"{QUESTIONS[at].text}\n✓ {label}")
        return await self._ask(update, at + 1)

    async def typed(self, update: Update, context: Context, at: int) -> int:
        """Words for a question without buttons."""
        del context
        assert update.message is not None
        await self._remember(update, at, update.message.text or "")
        return await self._ask(update, at + 1)

    async def _remember(self, update: Update, at: int, value: str) -> None:
        assert update.effective_chat is not None
        following = QUESTIONS[at + 1].id if at + 1 < len(QUESTIONS) else "done"
        await self._store.step(update.effective_chat.id, following, (QUESTIONS[at].id, value))

    async def _ask(self, update: Update, at: int) -> int:
        assert update.effective_chat is not None
        if at == len(QUESTIONS):
            await update.effective_chat.send_message(THANKS)
            return ConversationHandler.END
        await update.effective_chat.send_message(QUESTIONS[at].text, reply_markup=_keyboard(QUESTIONS[at]))
        return at


def _keyboard(question: Question) -> InlineKeyboardMarkup | None:
    if not question.options:
        return None
    rows = [
        [InlineKeyboardButton(label, callback_data=f"{question.id}:{key}")] for key, label in question.options
    ]
    return InlineKeyboardMarkup(rows)


def webhook(application: Any, secret: str) -> web.Application:  # noqa: ANN401 (PTB's six type variables)
    """The custom webhook pattern of python-telegram-bot's examples."""

    async def handle(request: web.Request) -> web.Response:
        if not hmac.compare_digest(request.headers.get("X-Telegram-Bot-Api-Secret-Token", ""), secret):
            return web.Response(status=403)
        await application.update_queue.put(Update.de_json(await request.json(), application.bot))
        return web.Response()

    served = web.Application()
    served.router.add_post("/webhook/telegram", handle)
    return served


async def serve(given: argparse.Namespace) -> None:
    """Run until killed."""
    store = Store(Path(given.store))
    await store.open()
    builder = (
        Application.builder()
        .token("123456:" + "A" * 35)
        .base_url(f"{given.api}/bot")
        .base_file_url(f"{given.api}/file/bot")
        .updater(None)
    )
    if given.announce:
        pace = dict(zip(("overall_max_rate", "overall_time_period"), given.pace, strict=False))
        builder = builder.rate_limiter(AIORateLimiter(max_retries=RETRIES, **pace))  # type: ignore[arg-type]
    application = builder.build()
    if given.announce:
        application.add_handler(CommandHandler("announce", Announcing(range(*given.announce)).begin))
    application.add_handler(Intake(store, lean=given.lean).conversation())
    async with application:
        await application.start()
        runner = web.AppRunner(webhook(application, given.secret), access_log=None)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", given.port, backlog=512).start()
        await asyncio.Event().wait()


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--api", required=True)
    parser.add_argument("--secret", required=True)
    parser.add_argument("--store", required=True)
    parser.add_argument("--lean", action="store_true")
    parser.add_argument("--pace", type=float, nargs=2, default=(), help="of the rate limiter: sends, seconds")
    parser.add_argument("--announce", type=int, nargs=2, help="first chat, and the one after the last")
    asyncio.run(serve(parser.parse_args()))


if __name__ == "__main__":
    main()
