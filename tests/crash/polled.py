"""A cheap Telegram that may also be asked for updates: each is handed out until a later offset confirms it.

Never forgets an update for any other reason.
"""

import asyncio
from collections.abc import Callable

import orjson

from bench.fake import FakeTelegram, Shown, read_params
from bench.limit import Limit
from bench.wire import response

PATIENCE = 0.05  # seconds until a poll that found nothing is answered
MOST = 100  # updates in one answer


class PolledTelegram(FakeTelegram):
    """As the cheap fake."""

    def __init__(
        self, listener: Callable[[Shown], None], hold: float = 0.0, limit: Limit | None = None
    ) -> None:
        super().__init__(listener, hold, limit)
        self._waiting: dict[int, tuple[bytes, asyncio.Event]] = {}

    async def hand_out(self, number: int, body: bytes) -> None:
        """Return when it is confirmed: from then on nobody gets it again."""
        confirmed = asyncio.Event()
        self._waiting[number] = body, confirmed
        await confirmed.wait()

    def _answer(self, head: bytes, body: bytes) -> tuple[bytes, float]:
        if not head.split(b" ", 2)[1].endswith(b"/getUpdates"):
            return super()._answer(head, body)
        self.calls["getUpdates"] += 1
        offset = int(read_params(head, body).get("offset", 0))
        for number in [one for one in self._waiting if one < offset]:
            self._waiting.pop(number)[1].set()
        found = [orjson.Fragment(update) for _, (update, _) in sorted(self._waiting.items())[:MOST]]
        return response(orjson.dumps({"ok": True, "result": found})), 0.0 if found else PATIENCE
