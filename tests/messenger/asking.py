"""Plain calls to the fake Graph API, and a webhook that listens: what its tests use instead of our channel.

Never uses anything of the product, so that it can judge both.
"""

import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web

from tests.fakes.graph.api import FakeGraph


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: its HTTP status, and its body."""

    status: int
    body: dict[str, Any]

    @property
    def error(self) -> tuple[int, int | None]:
        """Code and subcode."""
        return self.body["error"]["code"], self.body["error"].get("error_subcode")


async def ask(
    fake: FakeGraph, edge: str, body: dict[str, Any] | None = None, verb: str = "POST", **how: str
) -> Told:
    """One call. `how`: `token`, `proof`, `node` or `version` other than the right ones."""
    token = how.get("token", fake.page_token)
    proof = how.get("proof", hmac.new(fake.app_secret.encode(), token.encode(), hashlib.sha256).hexdigest())
    path = "/".join(one for one in (how.get("version", "v26.0"), how.get("node", fake.page_id), edge) if one)
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    form = {**(body or {}), "appsecret_proof": proof}
    sent: dict[str, Any] = {"json": form} if verb == "POST" else {"params": form}
    async with (
        aiohttp.ClientSession() as session,
        session.request(verb, f"{fake.base}/{path}", headers=headers, **sent) as told,
    ):
        return Told(told.status, await told.json())


def free(psid: str = "7001", message: dict[str, Any] | None = None, **more: object) -> dict[str, Any]:
    """A call of /messages inside the window."""
    said = {"text": "សួស្តី"} if message is None else message
    return {"recipient": {"id": psid}, "messaging_type": "RESPONSE", "message": said, **more}


class Hook:
    """A webhook that answers as told, then 200."""

    def __init__(self) -> None:
        self.answers: list[int] = []
        self.raw: list[bytes] = []
        self.signatures: list[str] = []
        self.url = ""
        self._runner: web.AppRunner | None = None

    async def start(self) -> "Hook":
        app = web.Application()
        app.router.add_post("/hook", self._serve)
        app.router.add_get("/hook", self._verify)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}/hook"
        return self

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def items(self) -> list[dict[str, Any]]:
        """Every item of every body, as it came."""
        return [
            item
            for raw in self.raw
            for entry in json.loads(raw)["entry"]
            for item in entry.get("messaging", entry.get("standby", entry.get("changes")))
        ]

    @property
    def texts(self) -> list[str]:
        return [item["message"]["text"] for item in self.items if "text" in item.get("message", {})]

    async def _serve(self, request: web.Request) -> web.Response:
        self.raw.append(await request.read())
        self.signatures.append(request.headers["X-Hub-Signature-256"])
        return web.Response(status=self.answers.pop(0) if self.answers else 200)

    async def _verify(self, request: web.Request) -> web.Response:
        return web.Response(text=request.query["hub.challenge"])
