"""The HTTP connections of one platform: a session made by the first call, because no loop is needed before.

Never sends, and knows no token.
"""

import aiohttp


class Connections:
    """One session of at most `most` connections, without cookies."""

    __slots__ = ("_most", "_session")

    def __init__(self, most: int) -> None:
        self._most = most
        self._session: aiohttp.ClientSession | None = None

    def open(self) -> aiohttp.ClientSession:
        """The session."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=self._most, ttl_dns_cache=300, keepalive_timeout=15),
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": "spean"},
            )
        return self._session

    async def close(self) -> None:
        """Close every connection; a later call opens anew."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
