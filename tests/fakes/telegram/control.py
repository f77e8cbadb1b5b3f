"""The fake driven from another process: the same user, faults and records as in a test, as JSON over HTTP.

Never part of the Bot API.

POST /control/act       {"user": 77, "act": "text", "args": ["សួស្តី"], "named": {}}    → {"update": 1001}
POST /control/fault     {"kind": "status", "method": "sendMessage", "status": 429, "retry_after": 3}
GET  /control/messages/77                        → the bot's messages as they look now
GET  /control/calls?after=0&method=sendMessage   → [{number, method, params, status}]
GET  /control/state                              → violations, waiting updates, deliveries, counters
"""

from typing import TYPE_CHECKING

import orjson
from aiohttp import web

if TYPE_CHECKING:
    from tests.fakes.telegram.api import FakeTelegram

_ACTS = frozenset(
    {"text", "start", "tap", "voice", "photo", "document", "sticker", "contact", "location", "edit"}
    | {"block", "unblock"}
)


def _json(value: object) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def add_routes(app: web.Application, fake: "FakeTelegram") -> None:
    async def act(request: web.Request) -> web.Response:
        order = orjson.loads(await request.read())
        if order["act"] not in _ACTS:
            raise web.HTTPBadRequest(text="unknown act")
        user = fake.user(order["user"], language=order.get("language", "km"))
        try:
            number = getattr(user, order["act"])(*order.get("args", ()), **order.get("named", {}))
        except AssertionError as error:
            raise web.HTTPConflict(text=str(error)) from None
        return _json({"update": number})

    async def fault(request: web.Request) -> web.Response:
        fake.fault(**orjson.loads(await request.read()))
        return _json({})

    async def messages(request: web.Request) -> web.Response:
        return _json(fake.user(int(request.match_info["user"])).messages)

    async def calls(request: web.Request) -> web.Response:
        after, method = int(request.query.get("after", 0)), request.query.get("method")
        return _json(
            [
                {"number": call.number, "method": call.method, "params": call.params, "status": call.status}
                for call in fake.calls[after:]
                if method in (None, call.method)
            ]
        )

    async def state(_: web.Request) -> web.Response:
        deliveries = [[one.number, one.status, one.attempt] for one in fake.updates.deliveries]
        return _json(
            {
                "violations": fake.violations,
                "waiting": fake.updates.pending(),
                "confirmed": fake.updates.confirmed,
                "deliveries": deliveries,
                "calls": len(fake.calls),
            }
        )

    app.router.add_post("/control/act", act)
    app.router.add_post("/control/fault", fault)
    app.router.add_get("/control/messages/{user}", messages)
    app.router.add_get("/control/calls", calls)
    app.router.add_get("/control/state", state)
