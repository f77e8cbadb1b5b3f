"""The small signs after a commit: a tap answered, its message marked, typing.

Never part of a conversation's guarantee: each is tried once, a failure is logged without words.
"""

from collections.abc import Awaitable, Mapping
from typing import Any, Final, assert_never

import structlog
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.channel import Gesture, TapGesture, TypingGesture
from bot.channels.telegram.capabilities import TEXT_MAX
from bot.channels.telegram.send import Call

_log: Final = structlog.get_logger(__name__)


async def make_gesture(call: Call, account: str, gesture: Gesture) -> None:
    """Show it, best effort."""
    match gesture:
        case TapGesture():
            await _try(account, "answer", call("answerCallbackQuery", {"callback_query_id": gesture.query}))
            if gesture.chosen and gesture.message.isdigit() and gesture.address.isdigit():
                await _try(account, "mark", _mark(call, gesture))
        case TypingGesture():
            if gesture.address.isdigit():
                typing = {"chat_id": int(gesture.address), "action": ChatAction.TYPING.value}
                await _try(account, "typing", call("sendChatAction", typing))
        case _:
            assert_never(gesture)


def _mark(call: Call, gesture: TapGesture) -> Awaitable[object]:
    """The tapped message with the chosen words below and no keyboard; only that when the words do not fit."""
    where = {"chat_id": int(gesture.address), "message_id": int(gesture.message)}
    words = _tapped_words(gesture.raw)
    marked = f"{words}\n\n{gesture.chosen}"
    if not words or len(marked) > TEXT_MAX:
        return call("editMessageReplyMarkup", where)
    return call("editMessageText", {**where, "text": marked})


def _tapped_words(raw: Mapping[str, Any] | None) -> str:
    query = raw.get("callback_query") if raw is not None else None
    message = query.get("message") if isinstance(query, Mapping) else None
    text = message.get("text") if isinstance(message, Mapping) else None
    return text if isinstance(text, str) else ""


async def _try(account: str, sign: str, call: Awaitable[object]) -> None:
    try:
        await call
    except (TelegramError, KeyError, TypeError, AttributeError) as error:
        _log.info("gesture.failed", account=account, sign=sign, error=type(error).__name__)
