"""What is searched (the Release of this tree) and the questions it is judged by.

Never changes either.
"""

import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot import scripts
from bot.core.faq_index import ELSEWHERE, Index
from bot.core.khmer.clusters import clusters
from bot.script_files import parse_files

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).parent
TUNING, HELD_OUT = HERE / "tuning.tsv", HERE / "held-out.tsv"
OUTSIDE = "-"
SEED = 5
_NOISE = 0.5  # the share of its letters that a copy of a phrasing exchanges

Texts = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Question:
    """Words, the entry they ask for by its number (`q01`) or OUTSIDE, and in what style they are written."""

    text: str
    label: str
    style: str

    def asks(self, entry: str) -> bool:
        """Whether the entry is the one meant."""
        return entry == self.label or entry.startswith(f"{self.label}-")


def read(file: Path) -> list[Question]:
    """The questions of a file of question, label and style between tabs."""
    lines = [line for line in file.read_text("utf-8").splitlines() if line.strip() and line[0] != "#"]
    cells = [[*line.split("\t"), ""] for line in lines]
    return [Question(text, label.strip(), style) for text, label, style, *_ in cells]


@dataclass(frozen=True, slots=True)
class Shipped:
    """What the product builds its index from: phrasings with the question (and ELSEWHERE's), and answers."""

    index: Index
    texts: Texts
    answers: Texts


def shipped() -> Shipped:
    """The answers of this tree."""
    files = scripts.read_files(ROOT)
    faq = scripts.reopen_release(files).book.faq
    said: dict[str, list[str]] = defaultdict(list)
    for catalogue in parse_files(files).catalogues.values():
        for message_id, message in catalogue.items():
            said[message_id].append(message.text)
    texts = {one.id: [*one.phrasings, *said[one.question]] for one in faq.entries.values()}
    answers = {one.id: said[one.answer] for one in faq.entries.values()}
    return Shipped(faq.index, {**texts, ELSEWHERE: faq.elsewhere}, answers)


def grown(texts: Texts, times: int) -> Texts:
    """`times` as many entries: each copy exchanges half of its letters, the same wherever it runs."""
    every = sorted({letter for phrasings in texts.values() for one in phrasings for letter in clusters(one)})
    copies = {
        f"{entry}-{copy}": _copied(phrasings, every, f"{SEED} {entry} {copy}")
        for copy in range(1, times)
        for entry, phrasings in texts.items()
    }
    return {**texts, **copies}


def _copied(phrasings: Sequence[str], every: Sequence[str], name: str) -> list[str]:
    dice = random.Random(name)  # noqa: S311 - noise that can be made again
    kept = {one for phrasing in phrasings for one in clusters(phrasing)}
    other = {one: dice.choice(every) for one in sorted(kept) if dice.random() < _NOISE}
    return ["".join(other.get(one, one) for one in clusters(phrasing)) for phrasing in phrasings]
