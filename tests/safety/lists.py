"""The shipped safety lists, and small ones for one phrase at a time.

Never reads the sentences that were set aside (`test_lists` alone does).
"""

from functools import cache
from pathlib import Path

from bot.core.safety import Safety, read_lists
from bot.core.safety_phrase import Kind, Theme, Words
from bot.script_files import SAFETY, WEIGHTS, parse_files

ROOT = Path(__file__).parents[2]
KNOWN = ("known.tsv", "known-2.tsv", "known-3.tsv", "known-4.tsv")
TAUGHT = "taught.tsv"  # by others, to learn from: no third of it was set aside
THESAURUS = "thesaurus.tsv"  # concept, language, word: by others too, who saw no sentence
ORDERED = ("set-aside.tsv", "set-aside-2.tsv", "set-aside-5.tsv")  # to the order of the bar
HINTS = ("set-aside-3.tsv", "set-aside-4.tsv")  # by authors who were asked for hints and look-alikes
SET_ASIDE = (*ORDERED, *HINTS)


@cache
def shipped() -> Safety:
    return parse_files({file: (ROOT / file).read_bytes() for file in (SAFETY, WEIGHTS)}).safety


def listed(name: str) -> list[tuple[str, str, str]]:
    """Kind, language and sentence of every line of a table beside this file."""
    lines = (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [(kind, language, sentence) for kind, language, sentence in rows]


def small(**phrases: tuple[str, ...]) -> Safety:
    """Lists of these phrases: `danger`, `innocent` …, by the language that their letters show."""
    kinds: tuple[Kind, ...] = ("danger", "need", "death", "innocent")
    themes = [Theme(kind, kind, words=_by_letters(phrases[kind])) for kind in kinds if kind in phrases]
    groups = {"me": Words(khmer=("ខ្ញុំ", "ញុំ"), romanised=("nhom",), english=("me", "us"))}
    return read_lists(themes, groups)


def _by_letters(phrases: tuple[str, ...]) -> Words:
    khmer = tuple(one for one in phrases if any("\u1780" <= letter <= "\u17ff" for letter in one))
    return Words(khmer=khmer, english=tuple(one for one in phrases if one not in khmer))
