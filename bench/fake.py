"""A cheap Telegram Bot API: it remembers nothing, and tells a listener what each person now sees.

Never judges a call (the strict model under tests/telegram does) and never delays unless told to.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter, time
from typing import Any
from urllib.parse import parse_qsl

import orjson

from bench.limit import Limit
from bench.wire import Server, content_type, response

TRUE = response(b'{"ok":true,"result":true}')
_ME = orjson.dumps(
    {
        "ok": True,
        "result": {
            "id": 123456,
            "is_bot": True,
            "first_name": "Bench",
            "username": "bench_bot",
            "can_join_groups": False,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
        },
    }
)
_HOOK = b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
_FIXED = {
    "getMe": response(_ME),
    "getWebhookInfo": response(_HOOK),
    "getUpdates": response(b'{"ok":true,"result":[]}'),
    "getMyCommands": response(b'{"ok":true,"result":[]}'),
    "getMyDescription": response(b'{"ok":true,"result":{"description":""}}'),
    "getMyShortDescription": response(b'{"ok":true,"result":{"short_description":""}}'),
}


@dataclass(frozen=True, slots=True)
class Shown:
    """A message as a person sees it after a call. `markup`: the raw JSON of its keyboard, empty for none.

    `buttons`: (label, callback data) top to bottom. `edited`: it was there before. `at`: perf_counter.
    """

    chat: int
    message: int
    text: str
    markup: bytes
    buttons: tuple[tuple[str, str], ...]
    edited: bool
    at: float


class FakeTelegram:
    """Answers every method of the Bot API; `listener` hears of each sent or edited message.

    `hold`: seconds that a sent message's answer is held back, so that sends can be caught in flight.
    `limit`: what may be sent; None: everything.
    """

    def __init__(
        self, listener: Callable[[Shown], None], hold: float = 0.0, limit: Limit | None = None
    ) -> None:
        self._listener = listener
        self._hold = hold
        self._limit = limit
        self._last_message = 1000
        self.calls: Counter[str] = Counter()
        self.server = Server(self._answer)

    def _answer(self, head: bytes, body: bytes) -> tuple[bytes, float]:
        now = perf_counter()
        target = head[: head.index(b"\r\n")].split(b" ", 2)[1]
        method = target[target.rfind(b"/") + 1 :].decode()
        self.calls[method] += 1
        if method in _FIXED:
            return _FIXED[method], 0.0
        edited = method in {"editMessageText", "editMessageReplyMarkup"}
        if method == "sendChatAction" or not (edited or method.startswith("send")):
            return TRUE, 0.0
        params = read_params(head, body)
        if self._limit is not None and not edited and (wait := self._limit.wait(int(params["chat_id"]), now)):
            return too_many(wait), self._hold
        shown = self._show(params, edited=edited, now=now)
        self._listener(shown)
        return response(_message(shown)), 0.0 if edited else self._hold

    def _show(self, params: dict[str, Any], *, edited: bool, now: float) -> Shown:
        if edited:
            message = int(params.get("message_id", 0))
        else:
            self._last_message += 1
            message = self._last_message
        markup, buttons = read_markup(params.get("reply_markup"))
        return Shown(
            int(params["chat_id"]), message, str(params.get("text", "")), markup, buttons, edited, now
        )


def too_many(wait: int) -> bytes:
    """The refusal of a send that came too soon (facts: channels 2.1)."""
    body = {
        "ok": False,
        "error_code": 429,
        "description": f"Too Many Requests: retry after {wait}",
        "parameters": {"retry_after": wait},
    }
    return response(orjson.dumps(body), b"429 Too Many Requests")


def read_params(head: bytes, body: bytes) -> dict[str, Any]:
    """The parameters of a call, sent as a form or as JSON."""
    kind = content_type(head)
    if kind.startswith(b"application/json"):
        found: dict[str, Any] = orjson.loads(body)
        return found
    if kind.startswith(b"application/x-www-form-urlencoded"):
        return dict(parse_qsl(body.decode()))
    raise ValueError(f"the bench does not read {kind!r} bodies")


def read_markup(given: Any) -> tuple[bytes, tuple[tuple[str, str], ...]]:  # noqa: ANN401 (JSON)
    """The raw JSON of a keyboard and its inline buttons."""
    if not given:
        return b"", ()
    markup = orjson.loads(given) if isinstance(given, str) else given
    raw = given.encode() if isinstance(given, str) else orjson.dumps(given)
    rows = markup.get("inline_keyboard", ())
    buttons = tuple((b["text"], b["callback_data"]) for row in rows for b in row if "callback_data" in b)
    return raw, buttons


def _message(shown: Shown) -> bytes:
    markup = b',"reply_markup":%b' % shown.markup if shown.buttons else b""
    return (
        b'{"ok":true,"result":{"message_id":%d,"from":{"id":123456,"is_bot":true,"first_name":"Bench",'
        b'"username":"bench_bot"},"chat":{"id":%d,"type":"private","first_name":"P"},"date":%d,"text":%b%b}}'
        % (shown.message, shown.chat, int(time()), orjson.dumps(shown.text), markup)
    )
