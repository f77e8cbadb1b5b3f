"""One Telegram bot as a Channel: reads, sends, makes gestures, fetches media.

Never calls anything outside `api_base`, and never acknowledges an update (see `polling` and the webhook).
"""

import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.channel import Gesture, Given, Outcome
from bot.channels.telegram.account import bot_id
from bot.channels.telegram.capabilities import ALLOWED_UPDATES, DOWNLOAD_MAX, TELEGRAM
from bot.channels.telegram.delete import delete
from bot.channels.telegram.gestures import make_gesture
from bot.channels.telegram.read import read
from bot.channels.telegram.request import AiohttpRequest
from bot.channels.telegram.send import Sender
from bot.core.channel import Capabilities, Part
from bot.core.events import Event
from bot.core.window import Way

_BATCH: Final = 100  # getUpdates gives at most 100 (Bot API)


class TelegramChannel:
    """Polling and downloads have connections of their own; `close` closes all. Raises BadToken."""

    capabilities: Capabilities = TELEGRAM

    def __init__(
        self,
        token: str,
        api_base: str = "https://api.telegram.org",
        *,
        request: AiohttpRequest | None = None,
    ) -> None:
        self.account = f"telegram:{bot_id(token)}"
        self.api_base = api_base.rstrip("/")
        # python-telegram-bot writes addresses with the token, and every message, to its debug log.
        logging.getLogger("telegram").setLevel(logging.WARNING)
        self._files = AiohttpRequest(connections=8)
        self._polling = AiohttpRequest(connections=2)
        self._request = request or AiohttpRequest()
        self.bot = Bot(
            token,
            base_url=f"{self.api_base}/bot",
            base_file_url=f"{self.api_base}/file/bot",
            request=self._request,
            get_updates_request=self._polling,
        )
        self._sender = Sender(self.bot, self.call)

    def read(self, raw: Mapping[str, Any], now: datetime) -> tuple[Event, ...]:
        """Every event of an update. Raises ValueError when it is none."""
        return read(raw, self.account, now)

    async def send(
        self, address: str, part: Part, document: Given = None, *, name: str = "", way: Way = "free"
    ) -> Outcome:
        """Deliver one part; never raises for what Telegram or the network does. It shows us no echo."""
        del name, way
        return await self._sender.send(address, part, document)

    async def delete(self, address: str, messages: Sequence[str]) -> Outcome:
        """Delete what Telegram lets a bot delete: private chats, both sides, the last 48 hours."""
        return await delete(self.call, address, messages)

    async def gesture(self, gesture: Gesture) -> None:
        """Once, best effort."""
        await make_gesture(self.call, self.account, gesture)

    async def call(self, method: str, params: Mapping[str, Any]) -> Any:  # noqa: ANN401 - any JSON
        """The result of a method, the quick way. Raises TelegramError."""
        return await self._request.call(f"{self.bot.base_url}/{method}", params)

    async def updates(self, offset: int, wait: float) -> list[Any]:
        """The updates as Telegram wrote them, waiting `wait` seconds at most; confirms all below `offset`.

        Raises TelegramError.
        """
        params = {"offset": offset, "limit": _BATCH, "timeout": int(wait), "allowed_updates": ALLOWED_UPDATES}
        found = await self._polling.call(f"{self.bot.base_url}/getUpdates", params, read=wait + 10)
        return found if isinstance(found, list) else []

    async def fetch(self, ref: str) -> AsyncIterator[bytes]:
        """A file by its id, at most 20 MB. Raises OSError when it cannot be had."""
        try:
            file = await self.bot.get_file(ref)
        except TelegramError as error:
            raise OSError(f"getFile failed: {type(error).__name__}") from None
        except (KeyError, TypeError, AttributeError):
            raise OSError("getFile gave an answer of an unknown shape") from None
        if file.file_size is not None and file.file_size > DOWNLOAD_MAX:
            raise OSError("the file is larger than Telegram hands out")
        if file.file_path is None or not file.file_path.startswith(self.bot.base_file_url):
            raise OSError("the file has no address on this server")
        async for chunk in self._files.stream(file.file_path, DOWNLOAD_MAX):
            yield chunk

    async def close(self) -> None:
        """Close every connection."""
        for request in (self._request, self._polling, self._files):
            await request.shutdown()
