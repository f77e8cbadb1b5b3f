"""The Bot API over one aiohttp session: a BaseRequest several times faster than python-telegram-bot's own.

Never logs or raises an address, a token or a body, never follows a redirect, and never hides whether
a request was written to the network.
"""

# ruff: noqa: N818 - errors are named as what happened

from collections.abc import AsyncIterator, Mapping
from typing import Any, Final

import aiohttp
import orjson
from telegram.error import (
    BadRequest,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    TelegramError,
    TimedOut,
)
from telegram.request import BaseRequest, RequestData
from yarl import URL

from bot.channels.connections import Connections

# the Bot API's own refusals (facts/channels.md §2.5)
_REFUSALS: Final[Mapping[int, type[TelegramError]]] = {
    400: BadRequest,
    401: InvalidToken,
    403: Forbidden,
    404: InvalidToken,
    409: Conflict,
}
_JSON: Final = {"Content-Type": "application/json"}


class NotSent(NetworkError):
    """The connection could not be made: surely nothing reached Telegram."""


class ServerTrouble(NetworkError):
    """A 5xx, or an answer of something between us and Telegram: it was not carried out."""


class Throttled(TelegramError):
    """429: everybody waits `after` seconds."""

    def __init__(self, after: float) -> None:
        super().__init__(f"retry after {after:g} s")
        self.after = after


class AiohttpRequest(BaseRequest):
    """One shared session of at most `connections`, made at the first call: no loop is needed before."""

    __slots__ = ("_connect", "_connections", "_read", "_upload")

    def __init__(
        self, *, connections: int = 64, connect: float = 5.0, read: float = 20.0, upload: float = 120.0
    ) -> None:
        self._connections = Connections(connections)
        self._connect = connect
        self._read = read
        self._upload = upload

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for an answer when the caller does not say."""
        return self._read

    async def initialize(self) -> None:
        """Nothing to prepare: the session is made by the first call."""

    async def shutdown(self) -> None:
        """Close every connection; a later call opens anew."""
        await self._connections.close()

    def _timeout(self, connect: object, read: object, write: float) -> aiohttp.ClientTimeout:
        connect_s = float(connect) if isinstance(connect, int | float) else self._connect
        read_s = float(read) if isinstance(read, int | float) else self._read
        return aiohttp.ClientTimeout(
            total=connect_s + write + read_s, connect=connect_s, sock_connect=connect_s, sock_read=read_s
        )

    async def do_request(  # noqa: PLR0913, PLR0917 - python-telegram-bot's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002 - part of connecting
    ) -> tuple[int, bytes]:
        """Status and body. Raises NotSent, ServerTrouble, Throttled, TimedOut, NetworkError."""
        upload = request_data is not None and request_data.contains_files
        write = (
            float(write_timeout)
            if isinstance(write_timeout, int | float)
            else self._upload
            if upload
            else 5.0
        )
        timeout = self._timeout(connect_timeout, read_timeout, write)
        return await self._exchange(method, url, _body(request_data), timeout)

    async def call(self, url: str, params: Mapping[str, Any], read: float | None = None) -> Any:  # noqa: ANN401
        """The result of a method, without python-telegram-bot's objects around it: a third of the CPU time.

        Raises TelegramError exactly as `Bot` does over this request.
        """
        status, payload = await self._exchange("POST", url, _json(params), self._timeout(None, read, 5.0))
        answer = self.parse_json_payload(payload)
        if status in _REFUSALS:
            raise _REFUSALS[status](answer["description"])
        if "result" not in answer:
            raise NetworkError("the answer has no result")
        return answer["result"]

    async def _exchange(
        self, method: str, url: str, body: bytes | aiohttp.FormData | None, patience: aiohttp.ClientTimeout
    ) -> tuple[int, bytes]:
        """Status and body of a success, or of one of the Bot API's own refusals; everything else raises."""
        try:
            async with self._connections.open().request(
                method,
                URL(url),
                data=body,
                headers=_JSON if isinstance(body, bytes) else None,
                timeout=patience,
                allow_redirects=False,
            ) as answer:
                payload = await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except TimeoutError:
            raise TimedOut from None
        except aiohttp.ClientError as error:
            raise NetworkError(type(error).__name__) from None
        if answer.status >= 300:
            _refuse(answer.status, payload)
        return answer.status, payload

    async def stream(self, url: str, most: int) -> AsyncIterator[bytes]:
        """The body of a file in chunks. Raises OSError when it cannot be had or exceeds `most` bytes."""
        got = 0
        try:
            async with self._connections.open().get(
                URL(url), timeout=self._timeout(None, None, self._upload), allow_redirects=False
            ) as answer:
                if answer.status != 200:
                    raise OSError(f"the file answered HTTP {answer.status}")
                async for chunk in answer.content.iter_chunked(64 * 1024):
                    got += len(chunk)
                    if got > most:
                        raise OSError(f"the file is longer than {most} bytes")
                    yield chunk
        except (aiohttp.ClientError, TimeoutError) as error:
            raise OSError(f"the file could not be fetched: {type(error).__name__}") from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """As the base class, by orjson and without writing the body to a log."""
        try:
            answer = orjson.loads(payload)
        except orjson.JSONDecodeError:
            raise TelegramError("the answer is not JSON") from None
        if not isinstance(answer, dict):
            raise TelegramError("the answer is not a JSON object")
        return answer


def _body(request_data: RequestData | None) -> bytes | aiohttp.FormData | None:
    """JSON as bytes (Khmer is three times longer in a form), multipart only with files."""
    if request_data is None:
        return None
    if not request_data.contains_files:
        return _json(request_data.parameters)
    form = aiohttp.FormData(quote_fields=False)
    for name, text in request_data.json_parameters.items():
        form.add_field(name, text)
    for name, (filename, content, mime) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=mime)
    return form


def _json(params: Mapping[str, Any]) -> bytes:
    try:
        return orjson.dumps(params)
    except orjson.JSONEncodeError:
        raise BadRequest("a parameter cannot be written as UTF-8 JSON") from None


def _refuse(status: int, payload: bytes) -> None:
    """Raise what the base class would misread: throttling, gateways, and pages that are not the Bot API's."""
    try:
        answer = AiohttpRequest.parse_json_payload(payload)
    except TelegramError:
        answer = {}
    parameters = answer.get("parameters")
    after = parameters.get("retry_after") if isinstance(parameters, dict) else None
    if status == 429 or after is not None:
        raise Throttled(float(after) if isinstance(after, int | float) else 1.0)
    if status == 413:  # an upload over the limit
        raise BadRequest("Request Entity Too Large")
    if status == 504:  # a gateway lost the answer: it may have been carried out
        raise TimedOut
    if status not in _REFUSALS or not isinstance(answer.get("description"), str):
        raise ServerTrouble(f"HTTP {status}")
