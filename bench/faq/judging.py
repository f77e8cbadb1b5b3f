"""How good a search is on a set of questions, and the confidence from which on it may answer.

Never looks at a question when it searches for another.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from bench.faq.searches import Found, Search
from bench.faq.sets import OUTSIDE, Question
from bot.core.khmer.language import written_in

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class Judged:
    """A question and what a search found for it. `rank`: of the entry meant, 0 when it was not found."""

    question: Question
    found: Found
    rank: int

    def sure(self, way: int) -> float:
        """How sure the search is; Khmer in Latin letters is never answered, by any of them."""
        return -NEVER if written_in(self.question.text) == "rom" else self.found.sure[way]


@dataclass(frozen=True, slots=True)
class Quality:
    """Shares of the questions in scope; `false`: of those that nobody answers, answered all the same."""

    top1: float
    top3: float
    mrr: float
    accepted: float
    false: float
    wrong: float


def judged(search: Search, questions: Sequence[Question]) -> list[Judged]:
    """Every question, searched."""
    found = [(one, search.find(one.text)) for one in questions]
    return [Judged(one, hits, _rank(one, hits)) for one, hits in found]


def quality(all_: Sequence[Judged], way: int, threshold: float) -> Quality:
    """What comes of answering from a threshold on."""
    inside = [one for one in all_ if one.question.label != OUTSIDE]
    outside = [one for one in all_ if one.question.label == OUTSIDE]
    answered = [one for one in inside if one.sure(way) >= threshold]
    many = max(1, len(inside))
    right = sum(one.rank == 1 for one in answered)
    return Quality(
        top1=sum(one.rank == 1 for one in inside) / many,
        top3=sum(1 <= one.rank <= 3 for one in inside) / many,
        mrr=sum(1 / one.rank for one in inside if one.rank) / many,
        accepted=right / many,
        false=sum(one.sure(way) >= threshold for one in outside) / max(1, len(outside)),
        wrong=(len(answered) - right) / many,
    )


def least(all_: Sequence[Judged], way: int, false: float) -> float:
    """The lowest threshold with at most this share of false accepts, half way to the next below."""
    outside = sorted((one.sure(way) for one in all_ if one.question.label == OUTSIDE), reverse=True)
    worst = outside[int(false * len(outside))] if outside else 0.0
    above = min((one.sure(way) for one in all_ if one.sure(way) > worst), default=worst)
    return (worst + above) / 2 if worst < above else NEVER


def best_way(all_: Sequence[Judged], false: float) -> tuple[int, float]:
    """The way of being sure, and its threshold, with the most accepted at that share of false accepts."""
    ways = range(len(all_[0].found.sure))
    chosen = max(ways, key=lambda way: quality(all_, way, least(all_, way, false)).accepted)
    return chosen, least(all_, chosen, false)


def _rank(question: Question, found: Found) -> int:
    return next((at for at, entry in enumerate(found.entries, 1) if question.asks(entry)), 0)
