"""The constants of `bot.core.faq_index` from the tuning set: a logistic regression and two thresholds.

Never sees the held-out set, and never writes into the code: it prints.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from bench.faq.sets import OUTSIDE, Question
from bot.core.faq_index import ELSEWHERE, Index, scored, strangeness
from bot.core.khmer.language import written_in

FALSE = 0.015  # of what we do not answer; half of what is promised, for questions not seen yet
SEEN = 0.95  # of the questions whose entry is among the first three, those that still see it
FOLDS = 5
_STEPS = 12  # of Newton
_RIDGE = 0.01

Row = tuple[float, ...]  # 1, own, rival, strange, logarithm of the known pieces


@dataclass(frozen=True, slots=True)
class Case:
    """A question as numbers. `right`: its first entry is the one meant; `near`: it is among three."""

    question: Question
    row: Row
    right: bool
    near: bool


def case(index: Index, question: Question) -> Case:
    """A question as the search sees it."""
    scores = scored(index, question.text)
    ranked = sorted(
        (
            (score, entry)
            for entry, score in zip(index.entries, scores.entries, strict=True)
            if entry != ELSEWHERE
        ),
        key=lambda one: (-one[0], one[1]),
    )
    row = (1.0, ranked[0][0], ranked[1][0], strangeness(index, scores), math.log(max(1, scores.known)))
    meant = [question.asks(entry) for _, entry in ranked[:3]]
    return Case(question, row, meant[0], any(meant))


def choose(cases: Sequence[Case]) -> tuple[tuple[float, ...], float, float]:
    """Weights, the confidence to answer from, the confidence to suggest from."""
    weights = _fitted([(one.row, one.right) for one in cases])
    return (weights, *_thresholds(weights, cases))


def crossed(cases: Sequence[Case]) -> tuple[float, float]:
    """Accepted and false accepts when each fifth of the questions is judged by what the others chose."""
    right = false = 0
    for fold in range(FOLDS):
        weights, answer, _ = choose([one for at, one in enumerate(cases) if at % FOLDS != fold])
        for one in cases[fold::FOLDS]:
            answered = _may(one) and confidence(weights, one.row) >= answer
            right += answered and one.right
            false += answered and one.question.label == OUTSIDE
    inside = sum(one.question.label != OUTSIDE for one in cases)
    return right / inside, false / (len(cases) - inside)


def confidence(weights: Sequence[float], row: Row) -> float:
    """0 to 1."""
    odds = sum(weight * one for weight, one in zip(weights, row, strict=True))
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, odds))))


def _thresholds(weights: Sequence[float], cases: Sequence[Case]) -> tuple[float, float]:
    outside = [confidence(weights, one.row) for one in cases if one.question.label == OUTSIDE and _may(one)]
    allowed = int(FALSE * sum(one.question.label == OUTSIDE for one in cases))
    near = sorted(confidence(weights, one.row) for one in cases if one.near)
    worst = sorted(outside, reverse=True)[allowed]
    return worst + 0.001, near[int((1 - SEEN) * len(near))]


def _may(one: Case) -> bool:
    return written_in(one.question.text) != "rom"


def _fitted(rows: Sequence[tuple[Row, bool]]) -> tuple[float, ...]:
    """Logistic regression by Newton's method, with a slight pull towards 0."""
    size = len(rows[0][0])
    weights = [0.0] * size
    for _ in range(_STEPS):
        slope = [_RIDGE * one for one in weights]
        curve = [[_RIDGE * (at == other) for other in range(size)] for at in range(size)]
        for row, right in rows:
            likely = confidence(weights, row)
            for at in range(size):
                slope[at] += (likely - right) * row[at]
                for other in range(size):
                    curve[at][other] += likely * (1 - likely) * row[at] * row[other]
        weights = [one - step for one, step in zip(weights, _solved(curve, slope), strict=True)]
    return tuple(weights)


def _solved(matrix: list[list[float]], right: list[float]) -> list[float]:
    """Gauss–Jordan; the matrix is positive definite."""
    rows = [[*row, value] for row, value in zip(matrix, right, strict=True)]
    for at, row in enumerate(rows):
        pivot = [one / row[at] for one in row]
        rows = [
            pivot if other == at else [a - one[at] * b for a, b in zip(one, pivot, strict=True)]
            for other, one in enumerate(rows)
        ]
    return [row[-1] for row in rows]
