"""A month of fairs by a clock of our own: everybody is told what they should be, once, and nothing else."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from bot import scripts
from bot.runner import window
from bot.runner.publishing import publish
from storage.database import Database
from storage.seal import Vault
from tests.runner.office import Clock
from tests.simulation.month import Month, opened
from tests.simulation.oracle import Key, Oracle
from tests.simulation.plan import PHNOM_PENH, Plan, make
from tests.started import shipped


async def lived(databases: list[Database], vault: Vault, folder: Path, plan: Plan, seed: int) -> Month:
    clock = Clock()
    files = shipped()
    await databases[0].run(lambda conn: publish(conn, scripts.digest(files), files, plan.ticks[0]))
    month = Month(opened(databases, vault, folder, clock), plan, Random(seed), clock)  # noqa: S311 - as the plan
    await month.run()
    return month


async def judged(month: Month, plan: Plan) -> None:
    flooded = await month.flooded()
    wanted, left = Oracle(plan, month.lost, flooded).run(), Counter(key for key, _ in month.left)
    twice = [key for key, count in left.items() if count > 1]
    assert not twice, told(plan, twice)
    unexpected = [key for key in left if key not in wanted]
    assert not unexpected, told(plan, unexpected)
    missing = [key for key in wanted if key not in left and key not in month.lost]
    assert not missing, told(plan, missing, wanted)
    late = [key for key, nth in month.left if nth != wanted[key]]
    assert not late, told(plan, late, wanted)
    assert not left.keys() & month.lost.keys()
    most = Counter[int]()
    for (human, _), count in month.bunches.items():
        most[human] = max(most[human], count)
    assert all(most[human] >= window.AT_MOST for _, _, human in flooded)


def told(plan: Plan, keys: list[Key], wanted: dict[Key, int] | None = None) -> str:
    """The first of them, with all that happened there."""
    lines = [f"{len(keys)}:"]
    for fair, what, human in sorted(keys)[:4]:
        at = f" wanted {when(plan, wanted[fair, what, human])}" if wanted else ""
        lines.append(f"fair {fair} {what} human {human} {plan.humans[human]}{at}")
        lines += [
            f"    {one.at.astimezone(PHNOM_PENH):%d.%m. %H:%M} {one.what} {one.fair}"
            + (f" starts {one.sheet.starts_at:%d.%m. %H:%M}" if one.sheet else "")
            for one in plan.events
            if (one.fair == fair and one.human in {-1, human}) or (one.human == human)
        ]
        lines.append(f"    starts {plan.fairs[fair].starts_at:%d.%m. %H:%M} {plan.fairs[fair].reminders}")
    return "\n".join(lines)


def when(plan: Plan, tick: int) -> str:
    return f"{plan.ticks[tick].astimezone(PHNOM_PENH):%d.%m. %H:%M}"


@pytest.fixture
def doors(store_url: str) -> Iterator[list[Database]]:
    """Of two processes, where the store lets two serve."""
    count = 1 if store_url.startswith("sqlite") else 2
    found = [Database.open(store_url, serve=True) for _ in range(count)]
    yield found
    for one in found:
        one.close_now()


async def test_a_month_of_fairs(doors: list[Database], vault: Vault, tmp_path: Path) -> None:
    plan = make(seed=1, people=80, fairs=8, coming=3, every=2)
    month = await lived(doors, vault, tmp_path, plan, 1)
    await judged(month, plan)
    assert len(month.left) > 100, "too little happened"
    assert month.killed["tick"] > 5
    assert month.lost, "nobody died while they sent"


@pytest.mark.long
async def test_a_month_of_forty_fairs_and_five_thousand_people(
    doors: list[Database], vault: Vault, tmp_path: Path
) -> None:
    plan = make(seed=2, people=5000, fairs=40, coming=3)
    month = await lived(doors, vault, tmp_path, plan, 2)
    await judged(month, plan)
    assert len(month.left) > 10_000
