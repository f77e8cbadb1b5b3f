"""Which of our answers a question asks for: pieces of words, each a vote for the entries that use it.

Never answers by itself: it gives entries with a confidence, and `decide` says whether that is enough.

A piece is a run of two to four letters. How much it favours an entry is the logarithm of the share that the
entry has in the use of the piece (with EPSILON for chance); rare pieces count for more. Phrasings that we
cannot answer are an entry of their own (ELSEWHERE), which is never a hit: it only lowers the others.
"""

import math
import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.core.khmer.language import written_in
from bot.core.safety_key import plain, unspaced

Decision = Literal["answer", "suggest", "abstain"]

ELSEWHERE = "elsewhere"  # the entry of what we do not answer
SHORTEST, LONGEST = 2, 4  # letters of a piece
READ = 400  # letters of a question that are read, the last ones: a story ends in its question
EPSILON = 0.005  # the share of an entry in a piece that none of its phrasings has
WEAK = 0.3  # of a phrasing: how much an answer's text counts

# Chosen by `python -m bench.faq --choose` from bench/faq/tuning.tsv: the weights of the log-odds that an
# entry is the one meant; the least confidence (rounded up) at which at most 1.5 % of what we do not answer is
# answered; the least at which 95 % of the questions whose entry is among the first three see it.
BASE, OWN, RIVAL, STRANGE, LENGTH = -5.05, 0.68, -0.40, -0.61, 0.32
ANSWER = 0.62
SUGGEST = 0.47

_SIGNS = re.compile("[^0-9a-zåæœŋ\u0e01-\u0e4e\u0e50-\u0e59\u1780-\u17d3\u17dd\u17d7]+")
_FARTHEST = 30.0  # log-odds: beyond it a confidence is 0 or 1


@dataclass(frozen=True, slots=True)
class Hit:
    """An entry, and how likely it is the one that is meant, 0 to 1, comparable between questions."""

    entry: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Index:
    """`places`: of each piece its number; the votes of piece n stand from starts[n] to starts[n + 1].

    A vote is for `entries[voted[at]]`, by `votes[at]` above `floors[n]`, what the piece gives to every other.
    `weights`: how rare the piece is.
    """

    entries: tuple[str, ...]
    places: Mapping[str, int]
    weights: "array[float]"
    floors: "array[float]"
    starts: "array[int]"
    voted: "array[int]"
    votes: "array[float]"


@dataclass(frozen=True, slots=True)
class Scores:
    """What the entries of an index got from one question, and how many of its pieces the index knows."""

    entries: tuple[float, ...]
    known: int


NO_INDEX = Index((), {}, array("f"), array("f"), array("I", [0]), array("I"), array("f"))


def build(texts: Mapping[str, Sequence[str]], weak: Mapping[str, Sequence[str]]) -> Index:
    """An index of phrasings by entry (with ELSEWHERE's), and of answers by entry, which count for less.

    Takes about a second for 70 entries: built once for each Book.
    """
    used: Counter[str] = Counter()  # by how many phrasings
    users: defaultdict[str, array[float]] = defaultdict(lambda: array("d"))  # entry, share, entry, share …
    entries = tuple(sorted(texts))
    for number, entry in enumerate(entries):
        own = Counter(piece for phrasing in texts[entry] for piece in dict.fromkeys(pieces(phrasing)))
        used.update(own)
        share = {piece: times / len(texts[entry]) for piece, times in own.items()}
        for answer in weak.get(entry, ()):
            for piece in dict.fromkeys(pieces(answer)):
                share[piece] = share.get(piece, 0.0) + WEAK / max(1, len(texts[entry]))
        for piece, part in share.items():
            users[piece].extend((number, part))
    return _voting(entries, used, users, sum(map(len, texts.values())))


def search(index: Index, text: str, most: int = 3) -> tuple[Hit, ...]:
    """The entries that the question may mean, the likeliest first; () when it has no piece that we know."""
    scores = scored(index, text)
    if not scores.known:
        return ()
    found = sorted(
        (
            (score, entry)
            for entry, score in zip(index.entries, scores.entries, strict=True)
            if entry != ELSEWHERE
        ),
        key=lambda one: (-one[0], one[1]),
    )
    strange = strangeness(index, scores)
    hits = []
    for at, (own, entry) in enumerate(found[:most]):
        rival = found[0 if at else 1][0] if len(found) > 1 else strange
        odds = BASE + OWN * own + RIVAL * rival + STRANGE * strange + LENGTH * math.log(scores.known)
        hits.append(Hit(entry, 1 / (1 + math.exp(-max(-_FARTHEST, min(_FARTHEST, odds))))))
    return tuple(hits)


def decide(hits: tuple[Hit, ...], text: str) -> Decision:
    """What to do with the hits of a text; Khmer in Latin letters is always asked about ("did you mean")."""
    best = hits[0].confidence if hits else 0.0
    if best < SUGGEST:
        return "abstain"
    return "answer" if best >= ANSWER and written_in(text) != "rom" else "suggest"


def scored(index: Index, text: str) -> Scores:
    """The sum of the votes of the pieces, divided by the length of their vector."""
    sums = [0.0] * len(index.entries)
    floor = length = 0.0
    known = 0
    for piece, times in Counter(pieces(text)).items():
        place = index.places.get(piece)
        if place is None:
            continue
        known += 1
        weight = 1.0 + math.log(times)
        floor += weight * index.floors[place]
        length += (weight * index.weights[place]) ** 2
        start, end = index.starts[place], index.starts[place + 1]
        for entry, vote in zip(index.voted[start:end], index.votes[start:end], strict=True):
            sums[entry] += weight * vote
    share = 1 / math.sqrt(length) if length else 0.0
    return Scores(tuple([(one + floor) * share for one in sums]), known)


def strangeness(index: Index, scores: Scores) -> float:
    """The score of what we do not answer; 0, as of chance, in an index without it."""
    return scores.entries[index.entries.index(ELSEWHERE)] if ELSEWHERE in index.entries else 0.0


def pieces(text: str) -> list[str]:
    """Every run of letters of the text as it is compared; blanks count between Latin words only."""
    words = unspaced(" ".join(_SIGNS.sub(" ", plain(text[-READ:])).split()))
    last = len(words) + 1
    return [words[at : at + size] for size in range(SHORTEST, LONGEST + 1) for at in range(last - size)]


def _voting(
    entries: tuple[str, ...], used: Mapping[str, int], users: Mapping[str, "array[float]"], phrasings: int
) -> Index:
    """The index of what share of each entry's phrasings use each piece. What only answers use has no vote."""
    weights, floors, votes = array("f"), array("f"), array("f")
    starts, voted = array("I", [0]), array("I")
    for piece, times in used.items():
        voters, shares = users[piece][::2], users[piece][1::2]
        weight = math.log((1 + phrasings) / (1 + times)) + 1
        total = math.fsum(shares) + EPSILON * len(entries)
        weights.append(weight)
        floors.append(weight * math.log(EPSILON * len(entries) / total))
        voted.extend(map(int, voters))
        votes.extend([weight * math.log(share / EPSILON + 1) for share in shares])
        starts.append(len(voted))
    return Index(entries, {piece: at for at, piece in enumerate(used)}, weights, floors, starts, voted, votes)
