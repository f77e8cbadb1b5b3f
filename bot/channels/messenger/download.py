"""Files that people sent, from where the platform keeps them.

Never asks a host that the platform does not name, whatever an address or a redirect says, and never gives
our token to any of them.
"""

from collections.abc import AsyncIterator
from typing import Final

import aiohttp
from yarl import URL

_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_MEDIA_HOSTS: Final = ("fbcdn.net", "fbsbx.com")  # where the platform keeps files
_REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
_HOPS: Final = 3
_CHUNK: Final = 64 * 1024


def may_fetch(ref: str, graph_base: str) -> bool:
    """Whether an address is on a host that the platform names; with a loopback `graph_base` only there."""
    try:
        url, base = URL(ref), URL(graph_base)
        port = url.explicit_port
    except ValueError:
        return False
    host = (url.host or "").lower()
    if url.user is not None or url.password is not None:
        return False
    if base.host in _LOOPBACK:
        return host == base.host and url.scheme in {"http", "https"}
    if url.scheme != "https" or port not in {None, 443}:
        return False
    return host == base.host or any(host.endswith(f".{known}") for known in _MEDIA_HOSTS)


async def download(
    session: aiohttp.ClientSession, patience: aiohttp.ClientTimeout, ref: str, graph_base: str, most: int
) -> AsyncIterator[bytes]:
    """The file in chunks. Raises OSError when it cannot be had or exceeds `most` bytes."""
    where, got = ref, 0
    try:
        for _ in range(_HOPS):
            if not may_fetch(where, graph_base):
                raise OSError("the file is on a host that the platform does not name")
            url = URL(where, encoded=True)
            async with session.get(url, timeout=patience, allow_redirects=False) as answer:
                if answer.status in _REDIRECTS:
                    where = str(url.join(URL(answer.headers.get("Location", ""))))
                    continue
                if answer.status != 200:
                    raise OSError(f"the file answered HTTP {answer.status}")
                async for chunk in answer.content.iter_chunked(_CHUNK):
                    got += len(chunk)
                    if got > most:
                        raise OSError(f"the file is longer than {most} bytes")
                    yield chunk
                return
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        raise OSError(f"the file could not be fetched: {type(error).__name__}") from None
    raise OSError("the file is never where it is said to be")
