"""Just enough HTTP/1.1 over raw asyncio that the load side is never what is measured.

Never speaks TLS, chunked bodies or pipelining: both ends here are known.
"""

import asyncio
from collections.abc import Callable
from typing import Protocol

_END = b"\r\n\r\n"
_LENGTH = b"content-length:"
_TYPE = b"content-type:"


def take(buffer: bytearray) -> tuple[bytes, bytes] | None:
    """The first whole HTTP message as (head, body), cut from the buffer; None: not all here yet."""
    end = buffer.find(_END)
    if end < 0:
        return None
    head = bytes(buffer[:end])
    length = int(header(head, _LENGTH) or 0)
    start = end + len(_END)
    if len(buffer) < start + length:
        return None
    body = bytes(buffer[start : start + length])
    del buffer[: start + length]
    return head, body


def header(head: bytes, name: bytes) -> bytes:
    """The value of a header (`name` in lower case with its colon), empty when absent."""
    low = head.lower()
    at = low.find(b"\r\n" + name)
    if at < 0:
        return b""
    start = at + 2 + len(name)
    end = low.find(b"\r\n", start)
    return low[start : end if end >= 0 else len(low)].strip()


def content_type(head: bytes) -> bytes:
    """The content type of a message, in lower case."""
    return header(head, _TYPE)


def response(body: bytes, status: bytes = b"200 OK") -> bytes:
    """A whole JSON response."""
    return b"HTTP/1.1 %b\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%b" % (
        status,
        len(body),
        body,
    )


class Answering(Protocol):
    """What a served request becomes: (response bytes, seconds to hold them back)."""

    def __call__(self, head: bytes, body: bytes) -> tuple[bytes, float]:
        """Answer one request."""
        ...


class Served(asyncio.Protocol):
    """One connection of a client to us."""

    def __init__(self, answering: Answering, open_ones: set[asyncio.Transport]) -> None:
        self._answering = answering
        self._open = open_ones
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember the connection, to close it at the end."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._open.add(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        del exc
        if self._transport is not None:
            self._open.discard(self._transport)
        self._transport = None

    def data_received(self, data: bytes) -> None:
        """Answer every whole request."""
        self._buffer += data
        while (message := take(self._buffer)) is not None:
            answer, hold = self._answering(*message)
            if hold:
                asyncio.get_running_loop().call_later(hold, self._write, answer)
            else:
                self._write(answer)

    def _write(self, answer: bytes) -> None:
        if self._transport is not None:
            self._transport.write(answer)


class Server:
    """A loopback HTTP server on a free port."""

    def __init__(self, answering: Answering) -> None:
        self._answering = answering
        self._open: set[asyncio.Transport] = set()
        self._server: asyncio.Server | None = None
        self.port = 0

    async def start(self) -> None:
        """Listen; `port` is known afterwards."""
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(
            lambda: Served(self._answering, self._open), "127.0.0.1", self.port, backlog=512
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and every connection."""
        if self._server is not None:
            self._server.close()
        for transport in tuple(self._open):
            transport.abort()
        if self._server is not None:
            await self._server.wait_closed()


class Line(asyncio.Protocol):
    """A keep-alive connection of ours that carries one POST at a time."""

    def __init__(self, port: int, path: str, headers: dict[str, str]) -> None:
        self._port = port
        extra = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        self._head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{extra}"
            "Content-Type: application/json\r\nContent-Length: "
        ).encode()
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._waiting: asyncio.Future[int] | None = None

    async def post(self, body: bytes) -> int:
        """The status of the answer. Raises OSError when the other side is not there or goes away."""
        loop = asyncio.get_running_loop()
        if self._transport is None:
            await loop.create_connection(lambda: self, "127.0.0.1", self._port)
        if self._transport is None:
            raise ConnectionResetError("closed at once")
        self._waiting = loop.create_future()
        self._transport.write(b"%b%d\r\n\r\n%b" % (self._head, len(body), body))
        return await self._waiting

    def close(self) -> None:
        """Hang up."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Connected."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._buffer.clear()

    def connection_lost(self, exc: Exception | None) -> None:
        """Whoever waits learns it."""
        self._transport = None
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(exc or ConnectionResetError("closed before the answer"))

    def data_received(self, data: bytes) -> None:
        """Pass the status on."""
        self._buffer += data
        message = take(self._buffer)
        if message is not None and self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(int(message[0].split(b" ", 2)[1]))


Clock = Callable[[], float]
