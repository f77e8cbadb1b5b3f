"""The internal listener: is the loop alive, may traffic come, and the counters.

Never reachable from outside by default, and never shows anything of a person.
"""

from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

Ready = Callable[[], Awaitable[Mapping[str, str]]]


def internal_app(ready: Ready, metrics: Callable[[], bytes]) -> web.Application:
    """`ready` names what is not ready and why (empty: ready); `metrics` is Prometheus text."""

    async def healthz(_request: web.Request) -> web.Response:
        return web.json_response({"alive": True})

    async def readyz(_request: web.Request) -> web.Response:
        missing = dict(await ready())
        return web.json_response({"ready": not missing, "missing": missing}, status=503 if missing else 200)

    async def counters(_request: web.Request) -> web.Response:
        return web.Response(
            body=metrics(), headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        )

    app = web.Application()
    app.add_routes([web.get("/healthz", healthz), web.get("/readyz", readyz), web.get("/metrics", counters)])
    return app
