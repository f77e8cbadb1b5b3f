"""Learns weights from sentences that are known to tell of danger, and from others: logistic regression.

Never looks at a sentence that was set aside, and comes to the same weights wherever it runs.

Steps of AdaGrad with a pull towards 0; the order of the sentences is that of their checksums, another each
time. A piece of one or two sentences says little about another, so it is left out.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.core.safety_sense import STEPS, Sense, pieces

ROUNDS = 15
RATE = 0.3
PULL = 0.0005
THRESHOLD = -0.25  # unseen look-alikes alarm no more than before it was taught more (docs/safety.md)
LEAST = 4  # sentences that a piece stands in: 3 hears no more, and makes the file a third larger
_SURE = 1e-3  # an error smaller than this teaches nothing
_HEAVIEST = 127  # STEPS, what one byte holds

Sentence = tuple[bool, str]  # whether it tells of danger, and its words


@dataclass(slots=True)
class _Learner:
    """Weights on their way, with the squares of their errors (AdaGrad)."""

    weights: list[float]
    errors: list[float]
    bias: float = 0.0
    bias_error: float = 1e-6


def learn(sentences: Sequence[Sentence], ordinary: Sequence[str] = ()) -> Sense:
    """A sense of these sentences. `ordinary`: words that the script itself asks for, all harmless."""
    every = [*sentences, *((False, words) for words in ordinary)]
    found = [(danger, pieces(words)) for danger, words in every]
    counts = Counter(piece for _, one in found for piece in one)
    numbers = {piece: at for at, piece in enumerate(p for p, n in sorted(counts.items()) if n >= LEAST)}
    known = [
        ([numbers[piece] for piece in sorted(one) if piece in numbers], 1 / math.sqrt(len(one)), danger)
        for danger, one in found
    ]
    names = [sha256(words.encode()).digest() for _, words in every]
    learner = _Learner([0.0] * len(numbers), [1e-6] * len(numbers))
    for turn in range(ROUNDS):
        for at in sorted(range(len(known)), key=lambda at: sha256(b"%d" % turn + names[at]).digest()):
            _step(learner, *known[at])
    steps = {piece: round(learner.weights[at] * STEPS) for piece, at in numbers.items()}
    weights = {p: max(-_HEAVIEST, min(_HEAVIEST, weight)) for p, weight in steps.items() if weight}
    return Sense(weights, round((learner.bias - THRESHOLD) * STEPS, 4), learned_from(sentences))


def learned_from(sentences: Sequence[Sentence]) -> str:
    """The name of these sentences, whatever their order."""
    lines = sorted(f"{'danger' if danger else 'other'}\t{words}\n" for danger, words in sentences)
    return sha256("".join(lines).encode()).hexdigest()[:16]


def _step(learner: _Learner, ids: Sequence[int], share: float, danger: bool) -> None:  # noqa: FBT001
    weights, errors = learner.weights, learner.errors
    leaning = learner.bias + share * sum([weights[at] for at in ids])
    error = 1 / (1 + math.exp(-max(-30.0, min(30.0, leaning)))) - danger
    if abs(error) < _SURE:
        return
    learner.bias_error += error * error
    learner.bias -= RATE * error / math.sqrt(learner.bias_error)
    for at in ids:
        off = error * share + PULL * weights[at]
        errors[at] += off * off
        weights[at] -= RATE * off / math.sqrt(errors[at])
