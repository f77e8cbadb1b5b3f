"""Learns weights from sentences that are known to tell of danger, and from others: logistic regression.

Never looks at a sentence that was set aside, and comes to the same weights wherever it runs.

Steps of AdaGrad with a pull towards 0, for each kind of sign apart; the order of the sentences is that of
their checksums, another each time. What stands in a few sentences says little about another: it is left out.
"""

import math
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from bot.core.safety_key import Said, said
from bot.core.safety_sense import HEAVIEST, SHARES, STEPS, Sense, weights_of
from bot.core.safety_signs import pairs, pieces
from bot.core.safety_thesaurus import NO_THESAURUS, Thesaurus, meanings, packed

ROUNDS = 10
RATE = 0.3
PULL = 0.0005
LEAST = (12, 5, 5)  # sentences that a piece, a pair, a meaning stands in; rarer pieces help nothing
_SURE = 1e-3  # an error smaller than this teaches nothing

Sentence = tuple[bool, str]  # whether it tells of danger, and its words
Signs = Callable[[Said], frozenset[int]]


@dataclass(slots=True)
class _Learner:
    """Weights on their way, with the squares of their errors (AdaGrad)."""

    weights: list[float]
    errors: list[float]
    bias: float = 0.0
    bias_error: float = 1e-6


def learn(
    sentences: Sequence[Sentence], ordinary: Sequence[str] = (), thesaurus: Thesaurus = NO_THESAURUS
) -> Sense:
    """A sense of these sentences. `ordinary`: words that the script itself asks for, all harmless."""
    every = [*sentences, *((False, words) for words in ordinary)]
    kinds: tuple[Signs, ...] = (pieces, pairs, partial(meanings, thesaurus))
    learned = [_weigh(every, signs, least) for signs, least in zip(kinds, LEAST, strict=True)]
    against = sum(share * bias for share, (weights, bias) in zip(SHARES, learned, strict=True) if weights)
    of_pieces, of_pairs, of_meanings = (weights_of(weights) for weights, _ in learned)
    told = learned_from(sentences, thesaurus)
    return Sense(of_pieces, of_pairs, of_meanings, thesaurus, round(against * STEPS, 4), told)


def learned_from(sentences: Sequence[Sentence], thesaurus: Thesaurus = NO_THESAURUS) -> str:
    """The name of these sentences, whatever their order, and of the words whose meaning is known."""
    lines = sorted(f"{'danger' if danger else 'other'}\t{words}\n" for danger, words in sentences)
    return sha256("".join(lines).encode() + packed(thesaurus)).hexdigest()[:16]


def _weigh(every: Sequence[Sentence], signs: Signs, least: int) -> tuple[dict[int, int], float]:
    """Weights in STEPS by checksum, and the bias, of one kind of signs in each sentence."""
    found = [(danger, array("I", sorted(signs(said(words))))) for danger, words in every]
    counts = Counter(sign for _, one in found for sign in one)
    numbers = {sign: at for at, sign in enumerate(p for p, n in sorted(counts.items()) if n >= least)}
    known = [
        ([numbers[sign] for sign in one if sign in numbers], 1 / math.sqrt(max(len(one), 1)), danger)
        for danger, one in found
    ]
    names = [sha256(words.encode()).digest() for _, words in every]
    learner = _Learner([0.0] * len(numbers), [1e-6] * len(numbers))
    for turn in range(ROUNDS):
        for at in sorted(range(len(known)), key=lambda at: sha256(b"%d" % turn + names[at]).digest()):
            _step(learner, *known[at])
    steps = {sign: round(learner.weights[at] * STEPS) for sign, at in numbers.items()}
    weights = {sign: max(-HEAVIEST, min(HEAVIEST, weight)) for sign, weight in steps.items() if weight}
    return weights, learner.bias


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
