"""Recorded speech and pictures of ours for the chat page: the same for everybody, so browsers may keep them.

Never serves any other file of a Release, nor anything that a person sent.
"""

from typing import Final

from aiohttp import web

from bot.core.channel import Document
from bot.core.contact import Language
from bot.core.speech import MIME, path_of
from bot.web.problem import Problem
from bot.web.site import Site

_ROUTE: Final = (
    "/chat/speech/{digest:[0-9a-f]{64}}/{language:km|en}/{id:[a-z0-9-]{1,40}(?:[.][a-z0-9_-]{1,40}){1,3}}.ogg"
)
_ENCLOSURE: Final = "/chat/enclosure/{content:[0-9a-f]{64}}"


class Speech:
    """Recordings of Releases that are kept, and what we enclose with letters.

    An `<audio>` or `<img>` sends no token, and nothing in them is anybody's.
    """

    def __init__(self, site: Site) -> None:
        self._site = site

    def routes(self) -> list[web.RouteDef]:
        """Where `address_of` points."""
        return [web.get(_ROUTE, self.recording), web.get(_ENCLOSURE, self.enclosure)]

    async def recording(self, request: web.Request) -> web.Response:
        """One recording, or the bytes of it that `Range` names: iPhones play nothing without."""
        asked = request.match_info
        language: Language = "en" if asked["language"] == "en" else "km"
        data = await self._site.chats.recording(asked["digest"], path_of(asked["id"], language))
        if data is None:
            raise Problem(404, "web.error.nothing-here")
        return _served(request, data, MIME)

    async def enclosure(self, request: web.Request) -> web.Response:
        """A picture or recording that went to many, whole or the bytes that `Range` names."""
        found = await self._site.chats.enclosure(request.match_info["content"])
        if found is None:
            raise Problem(404, "web.error.nothing-here")
        return _served(request, found.body, found.mime)


def address_of(document: Document) -> str:
    """Where the page gets a recording or picture of ours that was said."""
    if not document.release:
        return f"/chat/enclosure/{document.content}"
    language = document.path.split("/")[1]
    return f"/chat/speech/{document.release}/{language}/{document.name}"


def _served(request: web.Request, data: bytes, mime: str) -> web.Response:
    headers = {
        "Content-Type": mime,
        "Cache-Control": "public, max-age=31536000, immutable",
        "Accept-Ranges": "bytes",
    }
    if "Range" not in request.headers:
        return web.Response(body=data, headers=headers)
    first, after = _range(request, len(data))
    headers["Content-Range"] = f"bytes {first}-{after - 1}/{len(data)}"
    return web.Response(status=206, body=data[first:after], headers=headers)


def _range(request: web.Request, length: int) -> tuple[int, int]:
    try:
        first, after, _ = request.http_range.indices(length)
    except ValueError:
        raise Problem(416, "web.error.bad") from None
    if first >= after:
        raise Problem(416, "web.error.bad")
    return first, after
