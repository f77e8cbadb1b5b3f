"""The public listener: pages, web chat and webhooks under one set of headers, limits and error answers.

Never decides what the bot says and never serves staff data.
"""

import asyncio
from http import HTTPStatus

import structlog
from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.web.chat import Chat
from bot.web.limits import Bucket, client_address
from bot.web.pages import Pages
from bot.web.problem import Problem
from bot.web.site import Site
from bot.web.speech import Speech
from bot.web.webhooks import MessengerPosts, telegram_route
from storage.faults import StoreFault

CLIENT = web.RequestKey("client", str)
REQUESTS_PER_MINUTE = 1800  # from one address: a village, or a whole operator, may share it
_CSP = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "microphone=(self), camera=(), geolocation=(), payment=(), usb=()",
}
_log = structlog.get_logger()


def public_app(site: Site) -> web.Application:
    """Everything reachable from outside. Serve it with `access_log=None`: nobody's address is logged."""
    app = web.Application(middlewares=[_headers(site), _problems, _crowd(site)])
    chat = Chat(site, lambda request: request[CLIENT])
    app.add_routes(chat.routes())
    app.add_routes(Pages(site).routes())
    app.add_routes(Speech(site).routes())
    if site.telegram:
        app.add_routes([telegram_route(site.telegram, site.inbound)])
    if site.messenger:
        posts = MessengerPosts(site.messenger, site.inbound)
        app.add_routes(posts.routes())
        app.on_cleanup.append(posts.finish)
    app.on_shutdown.append(chat.release)
    return app


def _headers(site: Site) -> Middleware:
    fixed = dict(_HEADERS)
    if site.https:
        fixed["Strict-Transport-Security"] = "max-age=31536000"

    @web.middleware
    async def add(request: web.Request, handler: Handler) -> web.StreamResponse:
        answer = await handler(request)
        answer.headers.update(fixed)
        answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return add


@web.middleware
async def _problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every failure as JSON `{"error": message id}`, also those of the server itself."""
    try:
        return await handler(request)
    except Problem as problem:
        return problem.response()
    except StoreFault:
        return Problem(503, "web.error.store", retry_after=5).response()
    except web.HTTPException as answer:
        if answer.status < HTTPStatus.BAD_REQUEST:
            raise
        refused = Problem(
            answer.status, "web.error.bad" if answer.status != 404 else "web.error.nothing-here"
        )
        return refused.response()
    except asyncio.CancelledError:
        raise
    except Exception as fault:  # noqa: BLE001 — the listener's last guard: logged by type, answered 500
        resource = request.match_info.route.resource
        where = resource.canonical if resource else ""
        _log.error("web.failed", route=where, fault=type(fault).__name__)
        return Problem(500, "web.error.broken").response()


def _crowd(site: Site) -> Middleware:
    bucket = Bucket(REQUESTS_PER_MINUTE, 60, site.seconds)

    @web.middleware
    async def limit(request: web.Request, handler: Handler) -> web.StreamResponse:
        forwarded = ",".join(request.headers.getall("X-Forwarded-For", []))
        client = client_address(request.remote or "", forwarded, site.trusted_proxies)
        request[CLIENT] = client
        if not request.path.startswith("/webhook/") and (wait := bucket.take(client)):
            raise Problem(429, "web.error.too-many", wait)
        return await handler(request)

    return limit
