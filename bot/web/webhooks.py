"""The platforms' webhooks: check the secret, cap and parse the body, answer 200 once it is committed.

Never looks into a body before its secret is proven, and never logs either.
"""

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import structlog
from aiohttp import web

from bot.web.behind import Inbound
from bot.web.bodies import hand_over, json_object, read_capped
from bot.web.problem import Problem

BODY_MAX = 1024 * 1024
BODY_SECONDS = 30.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 — a header's name
SIGNATURE_HEADER = "X-Hub-Signature-256"
ANSWER_WITHIN = 4.0  # seconds; Meta waits 5 for its 200 (facts/channels.md §3.1)
CHALLENGE_MAX = 1000  # characters of what Meta wants to hear again
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TelegramHook:
    """Where Telegram's updates go. `secret` is what we gave to setWebhook."""

    account: str
    secret: bytes

    def __repr__(self) -> str:
        return f"TelegramHook({self.account!r}, ***)"


def telegram_route(hook: TelegramHook, inbound: Inbound) -> web.RouteDef:
    """`POST /webhook/telegram`."""
    if not hook.secret:
        raise ValueError("the Telegram webhook needs a secret")

    async def receive(request: web.Request) -> web.Response:
        given = request.headers.get(SECRET_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(given, hook.secret):
            raise Problem(403, "web.error.refused")
        update = json_object(await read_capped(request, BODY_MAX, BODY_SECONDS))
        if type(update.get("update_id")) is not int:
            raise Problem(400, "web.error.bad")
        await hand_over(inbound, hook.account, update)
        return web.Response()

    return web.post("/webhook/telegram", receive)


@dataclass(frozen=True, slots=True)
class MessengerHook:
    """Where a Page's events go. `verify_token`: what we typed in at Meta, beside the address."""

    account: str
    app_secret: bytes
    verify_token: bytes

    def __repr__(self) -> str:
        return f"MessengerHook({self.account!r}, ***)"


class MessengerPosts:
    """`GET /webhook/messenger` (verification) and `POST` (events).

    Who does not get their answer in time is asked to deliver again, while the work goes on: what was taken
    is not taken twice.
    """

    def __init__(self, hook: MessengerHook, inbound: Inbound) -> None:
        if not hook.app_secret or not hook.verify_token:
            raise ValueError("the Messenger webhook needs the app's secret and a verify token")
        self._hook = hook
        self._inbound = inbound
        self._tasks: Final[set[asyncio.Task[None]]] = set()

    def routes(self) -> list[web.RouteDef]:
        """Both."""
        return [
            web.get("/webhook/messenger", self._verify),
            web.post("/webhook/messenger", self._receive),
        ]

    async def finish(self, _app: web.Application) -> None:
        """Wait for what is still in hand when nobody asks any more."""
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=BODY_SECONDS)

    async def _verify(self, request: web.Request) -> web.Response:
        given = request.query.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
        challenge = request.query.get("hub.challenge", "")
        right = hmac.compare_digest(given, self._hook.verify_token)
        if not right or request.query.get("hub.mode") != "subscribe" or len(challenge) > CHALLENGE_MAX:
            raise Problem(403, "web.error.refused")
        return web.Response(text=challenge, content_type="text/plain")

    async def _receive(self, request: web.Request) -> web.Response:
        body = await read_capped(request, BODY_MAX, BODY_SECONDS)
        if not _signed(self._hook.app_secret, body, request.headers.get(SIGNATURE_HEADER, "")):
            raise Problem(403, "web.error.refused")
        await self._take(json_object(body))
        return web.Response()

    async def _take(self, body: Mapping[str, Any]) -> None:
        """Returns once every item is committed. Raises Problem 400, and 503 when it takes too long."""
        task = asyncio.create_task(hand_over(self._inbound, self._hook.account, body))
        self._tasks.add(task)
        task.add_done_callback(self._done)
        done, _ = await asyncio.wait({task}, timeout=ANSWER_WITHIN)
        if not done:
            raise Problem(503, "web.error.store", retry_after=5)
        await task

    def _done(self, task: asyncio.Task[None]) -> None:
        """Nobody may be waiting for it any more: then its trouble is logged, and Meta delivers again."""
        self._tasks.discard(task)
        if not task.cancelled() and (trouble := task.exception()) is not None:
            _log.warning("webhook.untaken", account=self._hook.account, error=type(trouble).__name__)


def _signed(secret: bytes, body: bytes, given: str) -> bool:
    """Whether `sha256=<hex>` is the HMAC of the bytes as they came; re-serialised JSON is other bytes."""
    right = f"sha256={hmac.digest(secret, body, hashlib.sha256).hex()}"
    return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), right.encode())
