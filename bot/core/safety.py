"""Whether words tell of danger, of need or of a death: the safety lists of a Release at work.

Never keeps or repeats what it reads and never decides what follows (`route` does).
"""

import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain

from bot.core.safety_key import ASIAN, INSIDE, LONGEST, READ, WORD, Key, plain
from bot.core.safety_phrase import (
    LONGEST_ENTRY,
    Alarm,
    Fault,
    Index,
    Kind,
    Phrase,
    Theme,
    Trie,
    Words,
    compile_lists,
)
from bot.core.safety_sense import NO_SENSE, Sense, leaning

Span = tuple[int, int]  # from a letter of the key up to another
Chain = tuple[Span, ...]  # the words of one phrase
Met = Mapping[int, Sequence[Span]]  # element → where its words stand
_URGENCY: Mapping[Kind, int] = {"danger": 0, "need": 1, "death": 2, "innocent": 3}
LEANS = 0.25  # a message that leans so far is danger; of the known harmless ones, unlearned, 1.8 % do
ALONE = 2.5  # a clause that leans so far is danger whatever stands around it; 3 loses cries beside a question
ALONE_READ = 3 * READ  # letters of all clauses that are weighed alone
HARMLESS = -1.5  # in a clause that leans so far away a phrase is silent; at -3 a tenth more false alarms
STORY = 22  # code points: in a shorter clause a phrase is most of what is said
_BETWEEN = re.compile(  # signs, another script, a blank in Khmer or Thai with enough on both sides
    f"[?!។៕\n;,.]+|(?<=[{ASIAN}])\\s*(?=[A-Za-z]{{2}})|(?<=[A-Za-z])\\s*(?=[{ASIAN}])"
    f"|(?<=[{ASIAN}]{{10}})\\s+(?=[{ASIAN}]{{10}})"
)
_SENTENCE = re.compile("[?!។៕\n;.]+")
_ADDRESS = re.compile(  # of the web: what page it is says nothing of the writer
    r"(?:https?://|www\.|\b[a-z0-9-]{1,63}(?:\.[a-z][a-z0-9-]{1,62}){1,4}/)"
    r"[!#-'*+\-./0-9:=?@-~]*",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Examples:
    """Sentences that the lists must get right, by kind; `none` must raise no alarm."""

    danger: tuple[str, ...] = ()
    need: tuple[str, ...] = ()
    death: tuple[str, ...] = ()
    none: tuple[str, ...] = ()


NO_EXAMPLES = Examples()


@dataclass(frozen=True, slots=True)
class Safety:
    """The lists, compiled once for each Book, and the sense beside them. `faults`: what could not be read."""

    indexes: tuple[Index, ...] = ()
    examples: Examples = NO_EXAMPLES
    faults: tuple[Fault, ...] = ()
    sense: Sense = NO_SENSE


def read_lists(
    themes: Sequence[Theme], groups: Mapping[str, Words], examples: Examples = NO_EXAMPLES
) -> Safety:
    """The compiled lists."""
    indexes, faults = _compiled(tuple(themes), tuple(groups.items()))
    return Safety(indexes, examples, faults)


@lru_cache(maxsize=4)  # Releases share their lists: a session's older one, the next with an edited dialog
def _compiled(
    themes: tuple[Theme, ...], groups: tuple[tuple[str, Words], ...]
) -> tuple[tuple[Index, ...], tuple[Fault, ...]]:
    return compile_lists(themes, dict(groups))


def alarm(safety: Safety, text: str) -> Alarm | None:
    """The worst that the words tell of, or seem to; danger before need before death.

    A web address tells nothing, whatever its letters.
    """
    text = _without_addresses(text)
    parts = clauses(text)
    alone = (part for part in _first(parts) if part != text)  # a message of one clause is weighed once
    if leaning(safety.sense, text) > LEANS or any(leaning(safety.sense, part) > ALONE for part in alone):
        return "danger"
    kinds = tuple(dict.fromkeys(phrase.kind for phrase in phrases(safety, text)))
    if "danger" in kinds and not _harmless(safety, parts):
        return "danger"
    return next((kind for kind in kinds if kind in ("need", "death")), None)


def clauses(text: str) -> tuple[str, ...]:
    """What was said one after the other: a calm clause says nothing of the one beside it."""
    return tuple(part for part in map(str.strip, _BETWEEN.split(text[:LONGEST])) if part)


def _without_addresses(text: str) -> str:
    return _ADDRESS.sub(" ", text).strip()


def _first(parts: Sequence[str]) -> Iterator[str]:
    """As many as a person writes; thousands of letters are read by the lists, and weighed no further."""
    letters = 0
    for part in parts:
        letters += len(part)
        if letters > ALONE_READ:
            return
        yield part


def _harmless(safety: Safety, parts: Sequence[str]) -> bool:
    """Whether every clause that holds a phrase of danger is surely harmless all the same."""
    holding = [part for part in parts if any(one.kind == "danger" for one in phrases(safety, part))]
    return bool(holding) and all(
        STORY <= len(part) <= READ and leaning(safety.sense, part) < HARMLESS for part in holding
    )


def phrases(safety: Safety, text: str) -> tuple[Phrase, ...]:
    """The phrases that raise an alarm, the worst first."""
    text = _without_addresses(text)
    found = _found(safety, text)
    if any(phrase.kind == "death" for phrase in found):
        beside = set(chain.from_iterable(_needs(safety, part) for part in _SENTENCE.split(text[:LONGEST])))
        found = [phrase for phrase in found if not phrase.cause_of_death or phrase in beside]
    return tuple(sorted(found, key=lambda phrase: _URGENCY[phrase.kind]))


def _needs(safety: Safety, sentence: str) -> list[Phrase]:
    """The phrases of a sentence that tells of no death."""
    found = _found(safety, sentence)
    return [] if any(phrase.kind == "death" for phrase in found) else found


def _found(safety: Safety, text: str) -> list[Phrase]:
    words = plain(text)
    return [phrase for index in safety.indexes for phrase in _search(index, words)]


def _search(index: Index, words: str) -> Iterator[Phrase]:
    key = index.key(words)
    met = _words(index, key)
    rarest = (phrase for element in met for phrase in index.phrases.get(element, ()))
    asked = [phrase for phrase in rarest if phrase.all_in(met)]
    left = _without_innocent(met, asked, len(key.letters))
    found = [phrase for phrase in asked if phrase.kind != "innocent" and any(_chains(phrase, left))]
    signs = Counter(phrase.theme for phrase in found)
    for phrase in found:
        if signs[phrase.theme] >= phrase.at_least:
            yield phrase


def _without_innocent(met: Met, asked: Sequence[Phrase], length: int) -> Met:
    """What is left when innocent phrases are struck out; a word that reaches out of them stays."""
    struck = bytearray(length)
    for phrase in asked:
        if phrase.kind == "innocent":
            for start, end in chain.from_iterable(_chains(phrase, met)):
                struck[start:end] = b"\1" * (end - start)
    if not any(struck):
        return met
    wanted = {element for phrase in asked if phrase.kind != "innocent" for element in phrase.elements}
    return {
        element: [(start, end) for start, end in met[element] if not all(struck[start:end])]
        for element in wanted
    }


def _words(index: Index, key: Key) -> dict[int, list[Span]]:
    """Element → where its words stand, in order, but not within a word that is nothing else."""
    hits = list(_hits(index.trie, key))
    within = bytearray(len(key.letters) + 1)  # at each letter: how far the WHOLE word reaches
    if index.whole is not None:
        for start, end, elements in hits:
            if index.whole in elements:
                for at in range(start, end):
                    within[at] = max(within[at], min(end - at, 255))
    met: defaultdict[int, list[Span]] = defaultdict(list)
    for start, end, elements in hits:
        if end - start < within[start] or (start and end - start == within[start] < within[start - 1]):
            continue
        for element in elements:
            met[element].append((start, end))
    return met


def _hits(trie: Trie, key: Key) -> Iterator[tuple[int, int, Sequence[int]]]:
    """From where, up to where, and the elements that stand there. At most letters × the longest entry."""
    letters, starts, ends = key.letters, key.starts, key.ends
    for start, begins in enumerate(starts):
        if not begins:
            continue
        node = trie
        for end, letter in enumerate(letters[start : start + LONGEST_ENTRY], start + 1):
            node = node.get(letter, _NOTHING)
            if not node:
                break
            if "" not in node or (begins != WORD and end - start < INSIDE):
                continue
            whole, begun = node[""]
            if whole and (ends[end - 1] == WORD or (ends[end - 1] and end - start >= INSIDE)):
                yield start, end, whole
            if begun and WORD not in ends[start : end - 1]:  # within one word
                yield start, ends.index(WORD, end - 1) + 1, begun


_NOTHING: Trie = {}


def _chains(phrase: Phrase, met: Met) -> Sequence[Chain]:
    """The words of the phrase wherever all of them stand in order; a letter said twice may join two."""
    chains: list[Chain] = [(span,) for span in met.get(phrase.elements[0], ())]
    for element, gap in zip(phrase.elements[1:], phrase.gaps[1:], strict=True):
        chains.sort(key=lambda words: words[-1][1])
        ends = [words[-1][1] for words in chains]
        longer = []
        for span in met.get(element, ()):
            at = bisect_left(ends, span[0] - gap)
            if at < len(ends) and ends[at] <= span[0] + 1:
                longer.append((*chains[at], span))
        chains = longer
    return chains
