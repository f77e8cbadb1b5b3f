"""The fake driven from another process: the same person, faults and records as in a test, as JSON over HTTP.

Never part of the Graph API.

POST /control/act       {"person": "7001", "act": "say", "args": ["សួស្តី"], "named": {}}  → the webhook body
POST /control/webhook   {"url": "http://127.0.0.1:8080/webhook/messenger"}
POST /control/fault     {"kind": "status", "edge": "messages", "status": 429}
POST /control/world     {"shift": 90000, "verdict": "PENDING", "utility": true, "human_agent": true}
POST /control/rule      {"name": "fair_v1", "language": "en", "event": "APPROVED"}
GET  /control/messages/7001                     → what the person was sent
GET  /control/calls?after=0&edge=messages       → [{number, verb, edge, params, status, code, at}]
GET  /control/state                             → keys, violations, attempts of every webhook, counters
"""

from datetime import timedelta
from typing import TYPE_CHECKING

import orjson
from aiohttp import web

if TYPE_CHECKING:
    from tests.fakes.graph.api import FakeGraph

_ACTS = frozenset(
    {"say", "tap", "press", "start", "react", "voice", "image", "video", "document", "sticker", "location"}
    | {"share_phone", "read", "receive", "edit", "staff_write", "staff_take", "staff_leave"}
)
_STATES = frozenset({"met", "block", "unblock", "shut"})


def _json(value: object) -> web.Response:
    return web.Response(body=orjson.dumps(value), content_type="application/json")


def add_routes(app: web.Application, fake: "FakeGraph") -> None:
    """Registers `/control/…`."""
    _add_orders(app, fake)
    _add_views(app, fake)


def _add_orders(app: web.Application, fake: "FakeGraph") -> None:
    async def act(request: web.Request) -> web.Response:
        order = orjson.loads(await request.read())
        person = fake.person(order["person"])
        if order["act"] in _STATES:
            getattr(person, order["act"])()
            return _json({})
        if order["act"] not in _ACTS:
            raise web.HTTPBadRequest(text="unknown act")
        try:
            return _json(
                await getattr(person, order["act"])(*order.get("args", ()), **order.get("named", {}))
            )
        except AssertionError as error:
            raise web.HTTPConflict(text=str(error)) from None

    async def webhook(request: web.Request) -> web.Response:
        fake.webhook = orjson.loads(await request.read())["url"]
        return _json({"verified": await fake.verify()})

    async def fault(request: web.Request) -> web.Response:
        fake.fault(**orjson.loads(await request.read()))
        return _json({})

    async def world(request: web.Request) -> web.Response:
        order = orjson.loads(await request.read())
        fake.later(timedelta(seconds=order.get("shift", 0)))
        fake.world.verdict = order.get("verdict", fake.world.verdict)
        if {"utility", "human_agent"} & set(order):
            fake.grant(utility=order.get("utility", False), human_agent=order.get("human_agent", False))
        return _json({})

    async def rule(request: web.Request) -> web.Response:
        return _json(await fake.rule(**orjson.loads(await request.read())))

    for handler in (act, webhook, fault, world, rule):
        app.router.add_post(f"/control/{handler.__name__}", handler)


def _add_views(app: web.Application, fake: "FakeGraph") -> None:
    async def messages(request: web.Request) -> web.Response:
        return _json(
            [
                {"mid": got.mid, "text": got.text, "buttons": got.buttons, "way": got.way}
                | {"metadata": got.metadata, "payloads": [button.payload for button in got.choices]}
                for got in fake.person(request.match_info["person"]).messages
            ]
        )

    async def calls(request: web.Request) -> web.Response:
        after, edge = int(request.query.get("after", 0)), request.query.get("edge")
        return _json(
            [
                {"number": call.number, "verb": call.verb, "edge": call.edge, "params": call.params}
                | {"status": call.status, "code": call.code, "at": call.at}
                for call in fake.calls[after:]
                if edge in (None, call.edge)
            ]
        )

    async def state(_: web.Request) -> web.Response:
        posts = fake.hooks.posts
        keys = {"page_id": fake.page_id, "page_token": fake.page_token, "app_secret": fake.app_secret}
        return _json(
            {
                "keys": {**keys, "verify_token": fake.verify_token, "app_id": fake.app_id},
                "violations": fake.violations,
                "posts": [post.statuses for post in posts],
                "waiting": sum(not post.done.is_set() for post in posts),
                "unsubscribed": fake.hooks.unsubscribed,
                "calls": len(fake.calls),
            }
        )

    app.router.add_get("/control/messages/{person}", messages)
    app.router.add_get("/control/calls", calls)
    app.router.add_get("/control/state", state)
