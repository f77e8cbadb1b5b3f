"""The listeners of a process: bound one after another, and taken down in the order that is asked for.

Never knows what is served.
"""

from aiohttp import web

from bot.web import server_log

STOP_SECONDS = 35.0  # a request that is being answered may end (facts: reliability, shutdown)


class Listeners:
    """Each under a name."""

    def __init__(self) -> None:
        self._runners: dict[str, web.AppRunner] = {}

    async def open(self, name: str, app: web.Application, host: str, port: int) -> None:
        """Listen. Raises OSError for a taken port."""
        runner = web.AppRunner(app, access_log=None, logger=server_log.LOGGER, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        self._runners[name] = runner
        await web.TCPSite(runner, host, port).start()

    def url(self, name: str) -> str:
        """Where it is, once it listens."""
        host, port = self._runners[name].addresses[0][:2]
        return f"http://{host}:{port}"

    async def close(self, name: str) -> None:
        """Take no more, finish what is being answered."""
        runner = self._runners.pop(name, None)
        if runner is not None:
            await runner.cleanup()
