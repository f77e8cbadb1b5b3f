"""`python -m bench.planning`: a fair for a province, made ready for 100,000 who want to hear of it.

Never writes into the repository: the store goes to a temporary folder, or to the empty one of `--url`.
"""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench.planning.run import Took, measure
from bot.app import spare_the_collector

MAY_TAKE, MAY_HOLD, MAY_GROW = 60.0, 0.05, 64 << 20  # seconds of a core, seconds, bytes
ALL_BUT = 0.998  # of the transactions, by the clock: other programs write to the same disk


def main() -> int:
    """Measure, show it, and say whether it keeps what was promised."""
    asks = argparse.ArgumentParser(prog="python -m bench.planning", description=__doc__)
    asks.add_argument("--people", type=int, default=100_000)
    asks.add_argument("--url", default="", help="an empty PostgreSQL database instead of a file")
    given = asks.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = given.url or f"sqlite:///{folder}/bench.db"
        took = asyncio.run(measure(url, Path(folder), given.people, ready=spare_the_collector))
    console = Console()
    for name, value in shown(took).items():
        console.print(f"{name:<44}{value}")
    return 0 if kept(took) else 1


def shown(took: Took) -> dict[str, str]:
    """Every number with its unit."""
    held, replies = took.held, took.replies
    return {
        "people, letters": f"{took.people:,}, {took.letters:,}",
        "published (one transaction)": f"{1000 * took.publishing:.1f} ms",
        "until all are ready, CPU": f"{took.wall:.1f} s, {took.cpu:.1f} s",
        "transactions: median, 99.8 %, longest": f"{_three(held)} of {len(held):,}",
        "of it CPU: median, 99.8 %, longest": _three(took.busy),
        "others' replies: median, 99 %, longest": f"{_ms(replies, 0.5)}, {_ms(replies, 0.99)}, "
        f"{_ms(replies, 1)} of {len(replies):,}",
        "memory from the first tenth on": f"{took.grew / (1 << 20):+.1f} MB",
    }


def kept(took: Took) -> bool:
    """Whether all have one letter, within the time, and nobody waited for it."""
    return (
        took.letters == took.people
        and took.cpu < MAY_TAKE
        and took.busy[-1] < MAY_HOLD
        and took.held[int(len(took.held) * ALL_BUT)] < MAY_HOLD
        and took.grew < MAY_GROW
    )


def _three(spans: Sequence[float]) -> str:
    return f"{_ms(spans, 0.5)}, {_ms(spans, ALL_BUT)}, {_ms(spans, 1)}"


def _ms(spans: Sequence[float], share: float) -> str:
    return f"{1000 * spans[min(len(spans) - 1, int(share * len(spans)))]:.1f} ms" if spans else "–"


if __name__ == "__main__":
    raise SystemExit(main())
