"""`make bench`: our bot and a stock python-telegram-bot bot in one run: the intake, and a broadcast.

Never writes into the repository: stores and logs go to a temporary folder, results where `--json` says.
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import orjson
from rich.console import Console

from bench import bots, broadcast, plans, report, stages
from bench.bots import BenchFailed, Recipe
from bench.broadcast import Announced, Broadcast
from bench.load import Measured, Window
from bench.people import Plan
from bench.rig import Make, Rig

Results = Mapping[str, Sequence[Measured | Announced]]


async def compare(rig: Rig, given: argparse.Namespace, window: Window, console: Console) -> Results:
    """The intake with both bots in turn, as often as asked, then the table."""

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
            measured = await rig.run(make, plan, window)
            results[name].append(measured)
            console.print(f"round {number + 1}: {name} {measured.rate:,.0f} messages/s")
    everything = results | {"(the rig itself)": [await rig.run(bots.echo, plans.ECHO, window)]}
    report.show_rates(console, window, everything)
    if len(results) == 2:
        report.show_ratio(console, *results.values())
    return everything


async def announce(rig: Rig, given: argparse.Namespace, console: Console) -> Results:
    """The broadcast with one bot after the other, then the table."""
    count = broadcast.FULL if given.full else broadcast.QUICK
    results = {}
    rig.go_first()
    for name, side in broadcast.SIDES.items():
        if given.only is None or name.startswith(given.only):
            minutes = count / side.may / 60
            console.print(f"{name} writes to {count:,} people: at least {minutes:.0f} minutes")
            run = results[name] = await Broadcast(side, count).measure(rig)
            console.print(f"{name}: {run.rate:.1f} sends/s, replies {run.p95 * 1000:,.0f} ms at p95")
    report.show_broadcast(console, results)
    return {name: [result] for name, result in results.items()}


SAMPLING_TRIES = 4


async def profile(rig: Rig, bot: str, window: Window, console: Console) -> None:
    """One bot once plainly for the cost of a message, once sampled for where it goes."""
    plan = plans.PEER if bot == "peer" else plans.SPEAN
    make, module = (bots.peer, "bench.peer") if bot == "peer" else (bots.spean, "bot")
    plain = await rig.run(make, plan, window)
    with tempfile.TemporaryDirectory(prefix="spean-samples-") as name:
        samples = Path(name)
        start: dict[str, int] = {}

        def sampled(api: int, folder: Path) -> Recipe:
            recipe = make(api, folder)
            after_module = recipe.arguments[2:]
            return replace(recipe, arguments=["-m", "bench.sampled", name, module, *after_module])

        for left in reversed(range(SAMPLING_TRIES)):
            try:
                await rig.run(sampled, plan, window, lambda: start.update(stages.sizes(samples)))
                break
            except BenchFailed:
                if not left:
                    raise
                console.print("the sampled run broke off (see README, The stages): once more")
        found = stages.caught(samples, start)
    report.show_stages(console, plain, found)


async def measure(given: argparse.Namespace, console: Console) -> None:
    """What was asked for."""
    window = Window(people=given.people, seconds=given.seconds, messages=given.messages)
    rig = Rig(console)
    if given.profile:
        await profile(rig, given.only or "spean", window, console)
        return
    found: dict[str, Results] = {}
    if given.stage in {None, "intake"}:
        found["intake"] = await compare(rig, given, window, console)
    if given.stage in {None, "broadcast"}:
        found["broadcast"] = await announce(rig, given, console)
    if given.json:
        given.json.write_bytes(_json(found))


def _json(found: Mapping[str, Results]) -> bytes:
    """By stage and bot: every run, as the fields of Measured and Announced."""
    plain = {
        stage: {name: [asdict(run) for run in runs] for name, runs in results.items()}
        for stage, results in found.items()
    }
    return orjson.dumps(plain, option=orjson.OPT_INDENT_2)


def main() -> None:
    """Read the command line and measure."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    usual = Window()
    parser.add_argument("--profile", action="store_true", help="CPU per message by stage, of our bot")
    parser.add_argument("--lean", action="store_true", help="let the peer skip marking the tapped question")
    parser.add_argument("--only", choices=("spean", "peer"), help="measure one bot")
    parser.add_argument("--stage", choices=("intake", "broadcast"), help="measure one thing")
    parser.add_argument("--full", action="store_true", help="announce to 20,000 people: most of an hour")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every result there too")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--people", type=int, default=usual.people)
    parser.add_argument("--seconds", type=float, default=usual.seconds, help="of each run")
    parser.add_argument("--messages", type=int, default=usual.messages, help="at most, of each run")
    given = parser.parse_args()
    console = Console(width=None if Console().is_terminal else 160)
    try:
        asyncio.run(measure(given, console))
    except BenchFailed as failure:
        console.print(str(failure), markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
