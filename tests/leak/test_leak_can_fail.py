"""Each leak that somebody could write by mistake is found, so that a clean result means something."""

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pytest

from tests.leak import planted, story
from tests.leak.edge import refused
from tests.leak.hay import Hay
from tests.leak.loud import TRIGGER
from tests.leak.mutants import MUTANTS
from tests.leak.needles import Needle
from tests.leak.planted import EVERYTHING, HERS
from tests.leak.rules import LIVING
from tests.leak.story import Story
from tests.leak.table import faults
from tests.leak.test_leak import everybodys

FOUND = {
    "logs-words": "her-story lies in log:server",
    "logs-the-exception": "her-broken lies in log:server",
    "keeps-dangerous-words": "danger-words lies in opened:inbox.body",
    "parks-dangerous-words": "danger-broken lies in opened:inbox.body",
    "repeats-what-is-sensitive": "her-flower-said lies in sent:words",
    "copies-answers-in-clear": "her-story lies in cell:answer.coarse",
    "answers-with-what-was-posted": "refused-post lies in http:refusal",
    "logs-bad-requests": "refused-post lies in log:server",
    "counts-by-name": "her-id lies in http:internal",
    "leaves-what-was-deleted": "her-story lies in remnant:spean.db",
    "leaves-the-wal": "her-story lies in remnant:spean.db-wal",
}


@dataclass(frozen=True, slots=True)
class Found:
    """The faults while she is there, and after she erased herself."""

    living: list[str]
    erased: list[str]


async def planted_at_once(folder: Path) -> Found:
    """One short story in which every leak is planted: it takes half a minute, and is told once."""
    planting = ",".join(("quick", "steps-break", *MUTANTS))
    async with story.told(folder, planting) as told:
        living = await short(told)
        await story.she_erases_herself(told)
        told.turn_the_page()
        erased = faults(told.look("erased"), HERS, everybodys())
        return Found(faults(living, EVERYTHING, LIVING), erased)


async def short(told: Story) -> Hay:
    """What she tells, danger, a step that breaks, and posts that are refused."""
    her = told.her
    await told.page.comes()
    await story.tells(her, planted.HER_NAME, planted.HER_PHONE, planted.HER_STORY)
    await her.says(planted.DANGER["danger-words"])
    await her.taps("safe")
    await her.says("/menu")
    await her.says(f"{planted.BROKEN} {TRIGGER}")
    await her.says(f"{planted.DANGER['danger-broken']} {TRIGGER}")
    await refused(told.page)
    return told.look("living")


async def test_every_leak_is_found(tmp_path: Path) -> None:
    found = await planted_at_once(tmp_path)
    assert {mutant for mutant in MUTANTS if FOUND[mutant] not in found.living + found.erased} == set()
    assert set(FOUND) == set(MUTANTS)


NUMBER, KHMER = "+855973311445", "០៩៧៣៣១១៤៤៥"
SHAPES = {
    "as it is": NUMBER.encode(),
    "in Khmer digits": KHMER.encode(),
    "in UTF-16": NUMBER.encode("utf-16-le"),
    "in hexadecimal": NUMBER.encode().hex().encode(),
    "in base64": base64.b64encode(NUMBER.encode()),
    "in base64 behind a letter": base64.b64encode(f"x{NUMBER}".encode()),
    "in base64 behind two": base64.urlsafe_b64encode(f"xx{NUMBER}".encode()),
    "in JSON": json.dumps(KHMER).encode(),
    "in JSON in JSON": json.dumps(json.dumps(KHMER)).encode(),
    "in an address": quote(KHMER).encode(),
    "in a page": "".join(f"&#{ord(one)};" for one in NUMBER).encode(),
    "in a log of bytes": repr(KHMER.encode()).encode(),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_needle_is_found_in_every_shape(shape: str) -> None:
    needle = Needle("phone", ("97 331 1445", "973311445"))
    assert Hay({"heap": b"~~" + SHAPES[shape] + b"~~"}).holding(needle) == {"heap"}
    assert not Hay({"heap": b"+855973311446"}).holding(needle)
