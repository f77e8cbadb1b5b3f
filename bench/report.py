"""The tables that `make bench` prints.

Never writes a file.
"""

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence

from rich.console import Console
from rich.table import Table

from bench.broadcast import LEARNING, Announced
from bench.crowd import PATIENCE
from bench.load import Measured, Window
from bench.stages import Caught

MIB = 1024 * 1024
_HOT = 30
_QUIET = 0.1  # of the bot's core, for the system itself
_PROMPT, _USED = 0.3, 0.95  # what is promised of replies at p95 in seconds, and of the limiter's rate


def middle(runs: Sequence[Measured], name: str) -> float:
    """The median of one number over the runs."""
    return float(statistics.median(getattr(run, name) for run in runs))


def show_rates(console: Console, window: Window, results: Mapping[str, Sequence[Measured]]) -> None:
    """Messages, latency, memory and CPU of each bot, medians over its runs."""
    table = Table(
        title=f"{window.people} people at once, each walking the intake over the webhook; medians",
        caption="latency: from the webhook POST to the reply arriving at the fake Bot API",
    )
    table.add_column("bot")
    for column in (
        "messages/s",
        "(of runs)",
        "p50\nms",
        "p95\nms",
        "p99\nms",
        "memory\nMiB",
        "CPU ms/\nmessage",
    ):
        table.add_column(column, justify="right")
    for column in (
        "bot's\ncore",
        "others\non it",
        "load's\ncore",
        "calls/\nmessage",
        "messages/\nwalk",
        "stuck",
    ):
        table.add_column(column, justify="right")
    for name, runs in results.items():
        table.add_row(name, *_row(runs))
    console.print(table)
    if any(run.others > _QUIET for runs in results.values() for run in runs):
        console.print(
            "[yellow]other programs took part of the bot's core: measure again on a quiet machine[/yellow]"
        )


def _row(runs: Sequence[Measured]) -> list[str]:
    calls = statistics.median(sum(run.calls.values()) for run in runs)
    rates = " ".join(f"{run.rate:.0f}" for run in runs)
    return [
        f"{middle(runs, 'rate'):,.0f}",
        f"({rates})",
        *(f"{middle(runs, name) * 1000:.1f}" for name in ("p50", "p95", "p99")),
        f"{middle(runs, 'memory') / MIB:.0f}",
        f"{middle(runs, 'cpu') * 1000:.3f}",
        *(f"{middle(runs, name):.0%}" for name in ("busy", "others", "load")),
        f"{calls:.2f}",
        f"{middle(runs, 'updates_per_walk'):.1f}",
        str(sum(run.stuck for run in runs)),
    ]


def show_ratio(console: Console, ours: Sequence[Measured], theirs: Sequence[Measured]) -> None:
    """How many times the peer's rate ours is: of the medians, and round by round."""
    each = [our.rate / their.rate for our, their in zip(ours, theirs, strict=True)]
    ratio = middle(ours, "rate") / middle(theirs, "rate")
    cpu = middle(theirs, "cpu") / middle(ours, "cpu")
    console.print(
        f"spean handles [bold]{ratio:.2f} times[/bold] the messages per second of the peer "
        f"(by round: {', '.join(f'{one:.2f}' for one in each)}) with {cpu:.2f} times less CPU per message"
    )


def show_stages(console: Console, run: Measured, caught: Caught) -> None:
    """Where a message's CPU time goes; `run` says what a message costs in all."""
    samples = caught.stages.total()
    table = Table(
        title=f"CPU per message by stage\n{run.cpu * 1000:.3f} ms in all, at {run.rate:,.0f} messages/s",
        caption=f"{samples:,} samples of the\nCPU clock of every thread",
    )
    table.add_column("stage")
    table.add_column("share", justify="right")
    table.add_column("µs/message", justify="right")
    for stage, count in caught.stages.most_common():
        share = count / samples
        table.add_row(stage, f"{share:.1%}", f"{share * run.cpu * 1e6:.0f}")
    console.print(table)
    _show_hot(console, run, "innermost functions of our own code, with all they call elsewhere", caught.ours)
    _show_hot(console, run, "innermost Python functions", caught.functions)


def _show_hot(console: Console, run: Measured, title: str, counted: Counter[tuple[str, str]]) -> None:
    table = Table(title=title)
    table.add_column("stage")
    table.add_column("function")
    table.add_column("µs/message", justify="right")
    for (stage, function), samples in counted.most_common(_HOT):
        table.add_row(stage, function, f"{samples / counted.total() * run.cpu * 1e6:.0f}")
    console.print(table)


def show_broadcast(console: Console, results: Mapping[str, Announced]) -> None:
    """What a broadcast did to replies, and to the platform's limit."""
    people = max(run.people for run in results.values())
    table = Table(
        title=f"a broadcast to {people:,} people while others write; Telegram takes 30 a second and no more",
        caption=f"sends/s and 'of it' after the first {LEARNING:.0f} s, replies and broadcast together; "
        "reply: from the webhook POST to its arrival at the fake Bot API, from the beginning to the end",
    )
    table.add_column("bot")
    for column in (
        "reached",
        "twice",
        "took\ns",
        "sends/s",
        "may\nuse",
        "of it",
        "429 in\n1st min",
        "429\nlater",
        "most in\n1 s",
        "replies",
        "lost",
        "p50\nms",
        "p95\nms",
        "p99\nms",
        "worst\nms",
        "bot's\ncore",
        "others\non it",
        "load\navg.",
    ):
        table.add_column(column, justify="right")
    for name, run in results.items():
        table.add_row(name, *_announced(run))
    console.print(table)
    ours = results.get("spean")
    if ours is None:
        return
    _show_promises(console, ours)
    for name, theirs in results.items():
        if theirs is not ours:
            least = "at least " if theirs.p95 >= PATIENCE else ""
            console.print(
                f"{name}: replies take [bold]{least}{theirs.p95 / ours.p95:.1f} times[/bold] as long at p95; "
                f"refused {sum(theirs.refused)} times, spean {sum(ours.refused)} times; "
                f"spean sends {ours.rate / theirs.rate:.2f} times as fast"
            )


def _announced(run: Announced) -> list[str]:
    return [
        f"{run.reached:,}",
        str(run.twice),
        f"{run.took:.0f}",
        f"{run.rate:.1f}",
        f"{run.may:.0f}",
        f"{run.share:.1%}",
        *(str(count) for count in run.refused),
        str(run.most),
        f"{run.replies:,}",
        str(run.stuck),
        *(_latency(seconds) for seconds in (run.p50, run.p95, run.p99, run.slowest)),
        f"{run.busy:.0%}",
        f"{run.others:.0%}",
        f"{run.load_average:.1f}",
    ]


def _latency(seconds: float) -> str:
    return f"{seconds * 1000:,.0f}" if seconds < PATIENCE else "never"


def _show_promises(console: Console, run: Announced) -> None:
    promises = {
        f"replies under {_PROMPT * 1000:.0f} ms at p95": run.p95 < _PROMPT,
        "no 429 after the first minute": run.refused[1] == 0,
        f"at least {_USED:.0%} of what the limiter may use": run.share >= _USED,
        "everybody reached once": run.reached == run.people and not run.twice,
    }
    for promise, kept in promises.items():
        console.print(f"spean: {promise}: {'[green]kept[/green]' if kept else '[red]missed[/red]'}")
