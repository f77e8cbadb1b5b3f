"""`make bench`: our bot and a stock python-telegram-bot bot, interleaved, in one run.

Never writes into the repository: stores and logs go to a temporary folder.
"""

import argparse
import asyncio
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from rich.console import Console

from bench import bots, plans, report, stages
from bench.bots import BenchFailed, Bot, Recipe
from bench.load import Load, Measured, Window
from bench.people import Plan

Make = Callable[[int, Path], Recipe]


class Rig:
    """The machine's two cores: the load and the fake here on one, the bot on the other."""

    def __init__(self, window: Window, console: Console) -> None:
        self._window = window
        self._console = console
        cores = sorted(os.sched_getaffinity(0))
        self._bot_core = cores[0] if len(cores) > 1 else None
        if len(cores) > 1:
            os.sched_setaffinity(0, {cores[1]})
        else:
            console.print("[yellow]one core only: load and bot share it, so rates are of both[/yellow]")

    async def run(self, make: Make, plan: Plan, opened: Callable[[], None] | None = None) -> Measured:
        """One measurement of one fresh bot on an empty store."""
        load = Load(plan, self._window)
        await load.fake.server.start()
        with tempfile.TemporaryDirectory(prefix="spean-bench-") as name:
            folder = Path(name)
            recipe = make(load.fake.server.port, folder)
            bot = await Bot.start(recipe, folder, self._bot_core)
            try:
                return await load.measure(bot, opened)
            except Exception:
                self._console.print(f"{bot.name} said at the end:\n{bot.tail()}", markup=False)
                raise
            finally:
                await asyncio.to_thread(bot.stop)
                await load.fake.server.stop()


async def compare(rig: Rig, given: argparse.Namespace, window: Window, console: Console) -> None:
    """Both bots in turn, as often as asked, then the table."""

    def peer(api: int, folder: Path) -> Recipe:
        return bots.peer(api, folder, lean=given.lean)

    ours: Make = bots.spean
    makes: dict[str, tuple[Make, Plan]] = {
        "spean": (ours, plans.SPEAN),
        "peer (lean)" if given.lean else "peer": (peer, plans.PEER),
    }
    if given.only:
        makes = {name: pair for name, pair in makes.items() if name.startswith(given.only)}
    results: dict[str, list[Measured]] = {name: [] for name in makes}
    for number in range(given.rounds):
        for name, (make, plan) in makes.items():
            measured = await rig.run(make, plan)
            results[name].append(measured)
            console.print(f"round {number + 1}: {name} {measured.rate:,.0f} messages/s")
    rig_itself = {"(the rig itself)": [await rig.run(bots.echo, plans.ECHO)]}
    report.show_rates(console, window, results | rig_itself)
    if len(results) == 2:
        report.show_ratio(console, *results.values())


SAMPLING_TRIES = 4


async def profile(rig: Rig, bot: str, console: Console) -> None:
    """One bot once plainly for the cost of a message, once sampled for where it goes."""
    plan = plans.PEER if bot == "peer" else plans.SPEAN
    make, module = (bots.peer, "bench.peer") if bot == "peer" else (bots.spean, "bot")
    plain = await rig.run(make, plan)
    with tempfile.TemporaryDirectory(prefix="spean-samples-") as name:
        samples = Path(name)
        start: dict[str, int] = {}

        def sampled(api: int, folder: Path) -> Recipe:
            recipe = make(api, folder)
            after_module = recipe.arguments[2:]
            return replace(recipe, arguments=["-m", "bench.sampled", name, module, *after_module])

        for left in reversed(range(SAMPLING_TRIES)):
            try:
                await rig.run(sampled, plan, lambda: start.update(stages.sizes(samples)))
                break
            except BenchFailed:
                if not left:
                    raise
                console.print("the sampled run broke off (see README, The stages): once more")
        found = stages.caught(samples, start)
    report.show_stages(console, plain, found)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    usual = Window()
    parser.add_argument("--profile", action="store_true", help="CPU per message by stage, of our bot")
    parser.add_argument("--lean", action="store_true", help="let the peer skip marking the tapped question")
    parser.add_argument("--only", choices=("spean", "peer"), help="measure one bot")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=usual.people)
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="of each run")
    parser.add_argument("--messages", type=int, default=usual.messages, help="at most, of each run")
    given = parser.parse_args()
    console = Console(width=None if Console().is_terminal else 160)
    window = Window(people=given.people, seconds=given.seconds, messages=given.messages)
    rig = Rig(window, console)
    work = (
        profile(rig, given.only or "spean", console)
        if given.profile
        else compare(rig, given, window, console)
    )
    try:
        asyncio.run(work)
    except BenchFailed as failure:
        console.print(str(failure), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
