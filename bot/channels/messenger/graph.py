"""The Graph API over one aiohttp session, each request proven by `appsecret_proof`.

Never puts the token into an address, never logs or raises an address, a token or a body, never follows a
redirect, and never hides whether a request was written to the network.
"""

# ruff: noqa: N818 - errors are named as what happened

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any, Final

import aiohttp
import orjson

from bot.channels.connections import Connections
from bot.channels.messenger.usage import rest

Json = Mapping[str, Any]

_JSON: Final = {"Content-Type": "application/json"}


class GraphTrouble(Exception):
    """A request that brought no result. Its kinds tell what is known of it."""


class NotSent(GraphTrouble):
    """The connection could not be made: surely nothing reached the platform."""


class AnswerLost(GraphTrouble):
    """Written, but the answer is lost or cannot be read: it may have been carried out."""


class ServerTrouble(GraphTrouble):
    """A 5xx, or a page of something between us and the platform: it was not carried out."""


class Refusal(GraphTrouble):
    """The Graph API's own error. Holds its numbers; never its message, which may quote a person.

    `after`: seconds to leave it alone, where the platform told. `unproven`: it is `appsecret_proof` that is
    wrong, of which only the message tells: the code is that of any wrong parameter.
    """

    def __init__(
        self,
        status: int,
        code: int,
        subcode: int = 0,
        *,
        transient: bool = False,
        after: float | None = None,
        unproven: bool = False,
    ) -> None:
        super().__init__(f"{code}/{subcode}" if subcode else f"{code}")
        self.status = status
        self.code = code
        self.subcode = subcode
        self.transient = transient
        self.after = after
        self.unproven = unproven


class Graph:
    """Calls for one Page. The session is made at the first call: no loop is needed before."""

    def __init__(  # noqa: PLR0913 - three secrets' places and three patiences, all by name
        self,
        *,
        base: str,
        version: str,
        token: str,
        app_secret: str,
        connections: int = 64,
        connect: float = 5.0,
        read: float = 20.0,
        upload: float = 120.0,
    ) -> None:
        self.base = base.rstrip("/")
        self._root = f"{self.base}/{version}"
        self._token = token
        self._proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        self._connections = Connections(connections)
        self._connect = connect
        self._read = read
        self._upload = upload

    def __repr__(self) -> str:
        return f"Graph({self._root!r}, ***)"

    async def post(self, path: str, body: Json) -> dict[str, Any]:
        """The answer to a JSON body. Raises GraphTrouble."""
        data = orjson.dumps({**body, "appsecret_proof": self._proof})
        return await self._exchange("POST", path, data, patience=self._timeout(5.0))

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The answer to a question; `params` and the proof (which is no secret) stand in the address."""
        query = {**(params or {}), "appsecret_proof": self._proof}
        return await self._exchange("GET", path, None, query=query, patience=self._timeout(5.0))

    async def upload(self, path: str, fields: Mapping[str, str], data: bytes, name: str, mime: str) -> Any:  # noqa: ANN401 - JSON
        """The answer to a form with a file in `filedata`. Raises GraphTrouble."""
        form = aiohttp.FormData(quote_fields=False)
        for key, value in {**fields, "appsecret_proof": self._proof}.items():
            form.add_field(key, value)
        form.add_field("filedata", data, filename=name, content_type=mime)
        return await self._exchange("POST", path, form, patience=self._timeout(self._upload))

    def bare(self) -> tuple[aiohttp.ClientSession, aiohttp.ClientTimeout]:
        """The connections, without our token, and how long a download may take."""
        return self._connections.open(), self._timeout(self._upload)

    async def close(self) -> None:
        """Close every connection; a later call opens anew."""
        await self._connections.close()

    def _timeout(self, write: float) -> aiohttp.ClientTimeout:
        total = self._connect + write + self._read
        return aiohttp.ClientTimeout(
            total=total, connect=self._connect, sock_connect=self._connect, sock_read=self._read
        )

    async def _exchange(
        self,
        method: str,
        path: str,
        body: bytes | aiohttp.FormData | None,
        *,
        patience: aiohttp.ClientTimeout,
        query: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        headers = {"Authorization": f"Bearer {self._token}", **(_JSON if isinstance(body, bytes) else {})}
        try:
            async with self._connections.open().request(
                method,
                f"{self._root}/{path}",
                params=query,
                data=body,
                headers=headers,
                timeout=patience,
                allow_redirects=False,
            ) as answer:
                payload = await answer.read()
        except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError) as error:
            raise NotSent(type(error).__name__) from None
        except (aiohttp.ClientError, TimeoutError) as error:
            raise AnswerLost(type(error).__name__) from None
        return _result(answer.status, payload, answer.headers)


def _result(status: int, payload: bytes, headers: Mapping[str, str]) -> dict[str, Any]:
    """The object of a success. Raises GraphTrouble for everything else."""
    try:
        answer = orjson.loads(payload)
    except orjson.JSONDecodeError:
        answer = None
    error = answer.get("error") if isinstance(answer, dict) else None
    if isinstance(error, dict):
        raise Refusal(
            status,
            _whole(error.get("code")),
            _whole(error.get("error_subcode")),
            transient=error.get("is_transient") is True,
            after=rest(headers),
            unproven="appsecret_proof" in str(error.get("message")),
        )
    if status == 429:
        raise Refusal(status, 0, after=rest(headers))
    if status == 413:
        raise Refusal(status, 0)
    if status == 504 or (status < 300 and not isinstance(answer, dict)):
        raise AnswerLost(f"HTTP {status}")  # a gateway lost the answer: it may have been carried out
    if status >= 300:
        raise ServerTrouble(f"HTTP {status}")
    return dict(answer)


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
