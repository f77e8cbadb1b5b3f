"""Files that people sent: the platform's own host, and another one that is not.

Never asks for a token: whoever has the link has the file, as with Meta.
"""

from typing import TYPE_CHECKING

from aiohttp import web

if TYPE_CHECKING:
    from tests.fakes.graph.api import FakeGraph

STICKER = b"\x89PNG\r\n\x1a\n" + bytes(20)


def add_routes(app: web.Application, fake: "FakeGraph") -> None:
    """`/cdn/<name>` gives the file; `/moved/<name>` sends on to the foreign host."""

    async def cdn(request: web.Request) -> web.Response:
        fake.downloads.append((request.host, request.path))
        fault = next((one for one in fake.faults if one.edge == "cdn" and one.hits("cdn", None)), None)
        if fault is not None:
            fault.times -= 1
            return web.Response(status=fault.error().status, text="Bad URL timestamp")
        name = request.match_info["name"]
        if name == "sticker.png":
            return web.Response(body=STICKER, content_type="image/png")
        if name not in fake.world.media:
            return web.Response(status=404, text="Bad URL hash")
        mime, content = fake.world.media[name]
        return web.Response(body=content, content_type=mime)

    async def moved(request: web.Request) -> web.Response:
        fake.downloads.append((request.host, request.path))
        raise web.HTTPFound(f"{fake.foreign}/cdn/{request.match_info['name']}")

    app.router.add_get("/cdn/{name}", cdn)
    app.router.add_get("/moved/{name}", moved)
