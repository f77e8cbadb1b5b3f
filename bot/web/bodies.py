"""Brings a request's body in: read under a limit of size and time, parsed, handed to the runner.

Never holds more than the limit and never logs what it reads.
"""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
from aiohttp import web
from aiohttp.client_exceptions import ClientConnectionError

from bot.web.behind import Inbound
from bot.web.problem import Problem
from storage.faults import StoreFault


async def read_capped(request: web.Request, most: int, seconds: float) -> bytes:
    """The body. Raises Problem 413 beyond `most` bytes, 408 when it takes longer than `seconds`."""
    if (request.content_length or 0) > most:
        raise Problem(413, "web.error.too-big")
    body = bytearray()
    try:
        if request.content.is_eof():  # small bodies arrive with their headers: no timer needed
            body += request.content.read_nowait()
            if len(body) > most:
                raise Problem(413, "web.error.too-big")
            return bytes(body)
        async with asyncio.timeout(seconds):
            async for chunk in request.content.iter_any():
                body += chunk
                if len(body) > most:
                    raise Problem(413, "web.error.too-big")
    except TimeoutError:
        raise Problem(408, "web.error.network") from None
    except (ClientConnectionError, web.RequestPayloadError):
        raise Problem(400, "web.error.network") from None
    return bytes(body)


def json_object(body: bytes) -> dict[str, Any]:
    """The JSON object in `body`. Raises Problem 400 for anything else."""
    try:
        parsed = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise Problem(400, "web.error.bad") from None
    if not isinstance(parsed, dict):
        raise Problem(400, "web.error.bad")
    return parsed


async def hand_over(
    inbound: Inbound, account: str, raw: Mapping[str, Any], media: bytes | None = None
) -> None:
    """Returns once the event is committed. Raises Problem 400 when it is none, 503 when the store is down."""
    try:
        await inbound.take(account, raw, media=media)
    except ValueError:
        raise Problem(400, "web.error.bad") from None
    except StoreFault:
        raise Problem(503, "web.error.store", retry_after=5) from None
