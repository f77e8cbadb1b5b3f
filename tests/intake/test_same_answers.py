"""One person tells the whole intake in Khmer, by taps and words, and it is kept alike whatever the way."""

import re
from pathlib import Path

import pytest

from tests.intake.messenger import by_messenger
from tests.intake.plan import ANSWERS, CONSENTS, LAST_WORDS, WALK
from tests.intake.stored import stored
from tests.intake.ways import Way, by_browser, by_pipe, by_polling, by_webhook, walk

WAYS = (pytest.param(by_browser, marks=pytest.mark.browser), by_pipe, by_polling, by_webhook, by_messenger)


@pytest.mark.parametrize("way", WAYS)
async def test_the_whole_intake_ends_with_the_same_answers(way: Way, tmp_path: Path) -> None:
    async with way(tmp_path) as person:
        await walk(person, WALK)
        await person.sees(LAST_WORDS)

    kept = stored(tmp_path)
    assert kept is not None
    assert kept.answers == ANSWERS
    assert kept.consents == CONSENTS
    assert kept.submissions == {(1, "intake", "self")}
    ((number, kind, centre),) = kept.cases
    assert re.fullmatch(r"PU-20\d\d-00001", number)
    assert (kind, centre) == ("intake", "pursat")
