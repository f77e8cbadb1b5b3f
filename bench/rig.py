"""The machine's two cores: the load and the fake here on one, the bot under test on the other.

Never leaves a bot running, and writes to a temporary folder only.
"""

import asyncio
import os
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from rich.console import Console

from bench.bots import Bot, Recipe
from bench.fake import FakeTelegram
from bench.load import Load, Measured, Window
from bench.people import Plan

Make = Callable[[int, Path], Recipe]


class Rig:
    """Starts one fresh bot after the other, each on an empty store."""

    def __init__(self, console: Console) -> None:
        self._console = console
        cores = sorted(os.sched_getaffinity(0))
        self._bot_core = cores[0] if len(cores) > 1 else None
        if len(cores) > 1:
            os.sched_setaffinity(0, {cores[1]})
        else:
            console.print("[yellow]one core only: load and bot share it, so rates are of both[/yellow]")

    def go_first(self) -> None:
        """From now on we and the bots go before other programs, where the system lets us.

        For work that needs little of the cores, but at its time: a fake that is kept waiting would see
        together what came apart, and refuse it.
        """
        try:
            os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
        except PermissionError:
            self._console.print("[yellow]not allowed to go first: what others do shows in the times[/yellow]")

    @asynccontextmanager
    async def running(self, make: Make, fake: FakeTelegram) -> AsyncIterator[tuple[Bot, Path]]:
        """A bot that calls `fake`, and the folder of its store."""
        await fake.server.start()
        with tempfile.TemporaryDirectory(prefix="spean-bench-") as name:
            folder = Path(name)
            bot = await Bot.start(make(fake.server.port, folder), folder, self._bot_core)
            try:
                yield bot, folder
            except Exception:
                self._console.print(f"{bot.name} said at the end:\n{bot.tail()}", markup=False)
                raise
            finally:
                await asyncio.to_thread(bot.stop)
                await fake.server.stop()

    async def run(
        self, make: Make, plan: Plan, window: Window, opened: Callable[[], None] | None = None
    ) -> Measured:
        """One measurement of the intake."""
        load = Load(plan, window)
        async with self.running(make, load.fake) as (bot, _):
            return await load.measure(bot, opened)
