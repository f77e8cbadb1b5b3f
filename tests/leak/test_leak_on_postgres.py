"""On PostgreSQL: what was said lies sealed in rows, and in none once the person has erased it."""

from pathlib import Path

from tests.leak import planted, story
from tests.leak.needles import Needle
from tests.leak.planted import DANGEROUS, HERS, SECRETS
from tests.leak.rules import LIVING
from tests.leak.table import Allowed, faults
from tests.leak.test_leak import everybodys
from tests.leak.test_leak_can_fail import short

MAYBE = tuple(Allowed(one.needles, one.heaps, one.why) for one in LIVING)  # not everything is told here
TOLD = [one for one in LIVING if one.must and one.heaps == "opened:answer.value" and "her-" in one.needles]


async def test_rows_hold_what_was_said_sealed_and_nothing_after_erasure(
    tmp_path: Path, postgres_store_url: str
) -> None:
    async with story.told(tmp_path, "quick,steps-break", postgres_store_url) as told:
        living = await short(told)
        hers = [one for one in HERS if any(rule.about(one.name) for rule in TOLD)]
        assert not faults(living, (*HERS, *DANGEROUS, *SECRETS), MAYBE)
        assert not faults(living, hers, (*MAYBE, *TOLD))

        await story.she_erases_herself(told)
        told.turn_the_page()
        erased, head = told.look("erased"), told.heads[str(planted.HER_ID)]
        assert not faults(erased, (*HERS, *DANGEROUS, *SECRETS), everybodys())
        assert not faults(erased, [Needle("her cells", sealed=frozenset({head}))], ())
