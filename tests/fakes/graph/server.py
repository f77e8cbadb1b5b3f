"""The HTTP side: every call goes through the gate, meets its fault, is carried out, answered and remembered.

Never decides what a call does.
"""

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
from aiohttp import web

from tests.fakes.graph import forms, gate
from tests.fakes.graph.faults import THROTTLING, BrokenRuleError, Fault, GraphError
from tests.fakes.graph.profile import user

if TYPE_CHECKING:
    from tests.fakes.graph.api import FakeGraph

_OF_MESSAGES = frozenset({"messages", "message_attachments"})


@dataclass(frozen=True, slots=True)
class Call:
    """One call as decoded, without its token. `status`: 0 for never answered; `at`: monotonic seconds."""

    number: int
    verb: str
    edge: str
    params: dict[str, Any]
    files: dict[str, bytes]
    status: int
    code: int | None
    at: float
    token_in: str

    @property
    def person(self) -> str | None:
        return _recipient(self.params)


class Server:
    """Serves one fake."""

    def __init__(self, fake: "FakeGraph") -> None:
        self._fake = fake

    async def serve(self, request: web.Request) -> web.StreamResponse:
        edge = request.match_info.get("edge", "")
        asked = gate.Asked({}, {}, "", "", "nowhere")
        fault = None
        result: dict[str, Any] | GraphError
        try:
            asked = await gate.read(request)
            fault = self._fault(edge, _recipient(asked.params))
            result = await self._carry_out(request, asked, fault)
        except GraphError as error:
            result = error
            if isinstance(error, BrokenRuleError):
                self._fake.violations.append(f"{request.method} {edge}: {error.said}")
        refused = result if isinstance(result, GraphError) else None
        status = 200 if refused is None else refused.status
        if fault is not None and fault.kind != "status":
            status = 0
        code = None if refused is None else refused.code
        verb, params, files = request.method, asked.params, asked.files
        number, now = len(self._fake.calls), time.monotonic()
        call = Call(number, verb, edge, params, files, status, code, now, asked.token_in)
        self._fake.remember(call)
        return await self._reply(request, fault, result)

    def _fault(self, edge: str, person: str | None) -> Fault | None:
        fault = next((fault for fault in self._fake.faults if fault.hits(edge, person)), None)
        if fault is not None:
            fault.times -= 1
        return fault

    async def _carry_out(
        self, request: web.Request, asked: gate.Asked, fault: Fault | None
    ) -> dict[str, Any]:
        if fault is not None and fault.kind == "status":
            raise fault.error()
        if fault is not None and fault.kind in ("hang", "shut"):
            return {}
        verb, node, edge = request.method, request.match_info["node"], request.match_info.get("edge", "")
        gate.check_version(request.match_info["version"])
        keys = gate.Keys(self._fake.page_token, self._fake.app_secret, self._fake.app_id)
        gate.check_keys(asked, keys, self._fake.world, app_too=node == "debug_token")
        if (verb, node) == ("GET", "debug_token"):
            return self._fake.page.debug_token(self._fake.world.token_error)
        if verb == "GET" and not edge and node in self._fake.world.threads:
            return user(self._fake.world, node)
        if node not in ("me", self._fake.page_id):
            said = f"Unsupported {verb.lower()} request. Object with ID '{node}' does not exist"
            raise GraphError(400, 100, 33, said)
        if verb == "POST" and edge in _OF_MESSAGES:
            return await self._send(edge, asked)
        return self._fake.page.carry_out(verb, edge, asked.params)

    async def _send(self, edge: str, asked: gate.Asked) -> dict[str, Any]:
        session = self._fake.hooks.session()
        if edge == "message_attachments":
            forms.check_upload(asked.params, asked.files)
            return await self._fake.methods.upload(asked.params, asked.files, session)
        forms.check(asked.params, asked.files)
        answer, got = await self._fake.methods.send(asked.params, asked.files, session)
        if got is not None:
            self._fake.tells.report(answer["recipient_id"], got)
        return answer

    async def _reply(
        self, request: web.Request, fault: Fault | None, result: dict[str, Any] | GraphError
    ) -> web.StreamResponse:
        if fault is None or (fault.kind == "status" and not fault.html):
            return self._answer(result)
        if fault.kind in ("lost", "hang"):
            await self._fake.closing.wait()
        if fault.kind in ("cut", "shut") and request.transport is not None:
            request.transport.abort()
        status = fault.error().status if fault.kind == "status" else 200
        return web.Response(status=status, text="<html>gateway</html>", content_type="text/html")

    def _answer(self, result: dict[str, Any] | GraphError) -> web.Response:
        headers = {
            "x-fb-trace-id": f"T{self._fake.world.number()}",
            "facebook-api-version": f"v{gate.NEWEST}.0",
        }
        if not isinstance(result, GraphError):
            return web.Response(body=orjson.dumps(result), content_type="application/json", headers=headers)
        if result.code in THROTTLING:
            headers |= _usage(self._fake.page_id)
        body = orjson.dumps(result.body(headers["x-fb-trace-id"]))
        headers |= result.headers
        return web.Response(status=result.status, body=body, content_type="application/json", headers=headers)


def _recipient(params: dict[str, Any]) -> str | None:
    recipient = params.get("recipient")
    return recipient.get("id") if isinstance(recipient, dict) else None


def _usage(page_id: str) -> dict[str, str]:
    """What Meta tells of the load, percent and minutes (§3.5 names the headers; the shape is [M])."""
    load = {"call_count": 100, "total_cputime": 25, "total_time": 25}
    account = [{"type": "messenger", **load, "estimated_time_to_regain_access": 1}]
    business = orjson.dumps({page_id: account}).decode()
    return {"X-App-Usage": orjson.dumps(load).decode(), "X-Business-Use-Case-Usage": business}
