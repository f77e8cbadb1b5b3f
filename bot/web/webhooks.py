"""The platforms' webhooks: check the secret, cap and parse the body, answer 200 once it is committed.

Never looks into a body before its secret is proven, and never logs either.
"""

import hmac
from dataclasses import dataclass

from aiohttp import web

from bot.web.behind import Inbound
from bot.web.bodies import hand_over, json_object, read_capped
from bot.web.problem import Problem

BODY_MAX = 1024 * 1024
BODY_SECONDS = 30.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 — a header's name


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
