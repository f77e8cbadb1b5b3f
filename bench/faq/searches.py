"""The four searches: ours, SQLite's FTS5 trigram, rapidfuzz, and BM25 over words cut by khmercut.

Never tunes one of them on the questions that it is judged by.

The peers search the same phrasings, questions and answers, folded as ours are, one row each; an entry is as
good as its best row. Among the rows is what we do not answer: when that is best, a peer is silent too.
"""

import math
import re
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rapidfuzz import fuzz

from bench.faq.sets import Shipped, Texts
from bot.core.faq_index import ELSEWHERE, Index, search
from bot.core.khmer.fold import fold

Cut = Callable[[str], list[str]]
_BLANK = re.compile(r"\s+")
_TRIGRAM = 3
_K1, _B = 1.2, 0.75  # BM25 as everybody uses it


@dataclass(frozen=True, slots=True)
class Found:
    """Entries, the best first, and how sure the search is of the first in each of its ways to say so."""

    entries: tuple[str, ...]
    sure: tuple[float, ...]


class Search(Protocol):
    """Anything that finds entries."""

    def find(self, text: str) -> Found:
        """Every entry it can rank."""


class Ours:
    """The index of the product, and the confidence of its first hit."""

    def __init__(self, index: Index) -> None:
        self.index = index

    def find(self, text: str) -> Found:
        """Entries by confidence."""
        hits = search(self.index, text, len(self.index.entries))
        return Found(tuple(hit.entry for hit in hits), (hits[0].confidence if hits else 0.0,))


class Trigram:
    """SQLite FTS5 with its trigram tokenizer: any trigram of the question, ranked by bm25()."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        self._base = sqlite3.connect(":memory:")
        self._base.execute(
            "CREATE VIRTUAL TABLE said USING fts5(entry UNINDEXED, words, tokenize = 'trigram')"
        )
        self._base.executemany("INSERT INTO said VALUES (?, ?)", rows)

    def find(self, text: str) -> Found:
        """Entries by their best row."""
        words = fold(text).replace('"', " ")
        runs = dict.fromkeys(words[at : at + _TRIGRAM] for at in range(len(words) - _TRIGRAM + 1))
        if not runs:
            return Found((), (0.0, 0.0))
        asked = " OR ".join(f'"{run}"' for run in runs)
        rows = self._base.execute("SELECT entry, -bm25(said) FROM said WHERE said MATCH ?", (asked,))
        return _best(rows.fetchall())


class Fuzzy:
    """rapidfuzz: the better of token_set_ratio and ratio over every row."""

    def __init__(self, rows: Sequence[tuple[str, str]]) -> None:
        self._entries = [entry for entry, _ in rows]
        self._words = [words for _, words in rows]

    def find(self, text: str) -> Found:
        """Entries by their best row."""
        asked = fold(text)
        scores = (max(fuzz.ratio(asked, one), fuzz.token_set_ratio(asked, one)) for one in self._words)
        return _best(list(zip(self._entries, scores, strict=True)))


class Segmented:
    """BM25 over the words that khmercut (a conditional random field) cuts."""

    def __init__(self, rows: Sequence[tuple[str, str]], cut: Cut) -> None:
        self._cut = cut
        self._rows = [entry for entry, _ in rows]
        words = [Counter(self._words(text)) for _, text in rows]
        self._postings: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        for row, counted in enumerate(words):
            for word, times in counted.items():
                self._postings[word].append((row, times))
        sizes = [counted.total() for counted in words]
        mean = sum(sizes) / len(sizes)
        self._sizes = [_K1 * (1 - _B + _B * size / mean) for size in sizes]

    def find(self, text: str) -> Found:
        """Entries by their best row."""
        scores: defaultdict[int, float] = defaultdict(float)
        for word in dict.fromkeys(self._words(text)):
            users = self._postings.get(word, ())
            rare = math.log(1 + (len(self._rows) - len(users) + 0.5) / (len(users) + 0.5))
            for row, times in users:
                scores[row] += rare * times * (_K1 + 1) / (times + self._sizes[row])
        return _best([(self._rows[row], score) for row, score in scores.items()])

    def _words(self, text: str) -> list[str]:
        return [word for word in self._cut(fold(text)) if not _BLANK.fullmatch(word)]


def peers(shipped: Shipped, cut: Cut) -> Mapping[str, Search]:
    """The three others over the same texts."""
    rows = [(entry, fold(text)) for entry, text in _rows(shipped.texts, shipped.answers)]
    return {
        "SQLite FTS5 trigram": Trigram(rows),
        "rapidfuzz": Fuzzy(rows),
        "BM25, khmercut": Segmented(rows, cut),
    }


def _rows(*given: Texts) -> list[tuple[str, str]]:
    return [(entry, text) for texts in given for entry, many in texts.items() for text in many]


def _best(scored: Sequence[tuple[str, float]]) -> Found:
    """Entries by their best row; sure by the score itself, or by how far the next entry is."""
    best: dict[str, float] = {}
    for entry, score in scored:
        best[entry] = max(score, best.get(entry, score))
    ranked = sorted(best, key=lambda entry: (-best[entry], entry))
    entries = tuple(entry for entry in ranked if entry != ELSEWHERE)
    if not entries or ranked[0] == ELSEWHERE:
        return Found(entries, (0.0, 0.0))
    first, second = best[ranked[0]], best[ranked[1]] if len(ranked) > 1 else 0.0
    return Found(entries, (first, first / (first + second) if first + second > 0 else 0.0))
