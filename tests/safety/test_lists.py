"""The safety lists against sentences they were written from, and against those set aside before any word.

Never prints a sentence that was set aside: only counts.
"""

import re
import sys
from collections import Counter
from functools import cache

import pytest

from bot.core.safety import alarm
from bot.core.safety_key import plain
from tests.safety.lists import HINTS, KNOWN, ORDERED, SET_ASIDE, TAUGHT, listed, shipped

RECALL, FALSE_ALARMS = 0.98, 0.02  # the bar
REACHED = ((HINTS, 0.975, 0.0295), (SET_ASIDE, 0.979, 0.027))  # on the sentences set aside: never less again
NEED_HEARD = 0.80  # of all set aside
LANGUAGES = ("km", "rom", "en", "th")
KINDS = ("danger", "need", "death", "none")


@cache
def counted(name: str) -> Counter[tuple[str, str, str]]:
    """(kind as written, language, kind as heard) → how many."""
    return Counter(
        (kind, language, alarm(shipped(), sentence) or "none") for kind, language, sentence in listed(name)
    )


def table(counts: Counter[tuple[str, str, str]]) -> str:
    lines = ["kind    language   heard as: danger  need  death  none"]
    for kind in KINDS:
        for language in LANGUAGES:
            row = [counts[kind, language, heard] for heard in KINDS]
            lines.append(f"{kind:<8}{language:<20}{row[0]:>6}{row[1]:>6}{row[2]:>7}{row[3]:>6}")
    return "\n".join(lines)


def share(counts: Counter[tuple[str, str, str]], kinds: tuple[str, ...], heard: str) -> float:
    """Which part of the sentences of these kinds is heard so."""
    total = sum(count for (kind, _, _), count in counts.items() if kind in kinds) or 1
    return sum(count for (kind, _, as_), count in counts.items() if kind in kinds and as_ == heard) / total


def report(name: str, counts: Counter[tuple[str, str, str]]) -> str:
    need, death = ("need",), ("death",)
    return (
        f"{name}\n{table(counts)}\n"
        f"danger heard {share(counts, ('danger',), 'danger'):.3f},"
        f" false alarms {share(counts, ('none', 'death'), 'danger'):.3f};"
        f" need heard as need {share(counts, need, 'need'):.3f},"
        f" as danger {share(counts, need, 'danger'):.3f};"
        f" death heard as death {share(counts, death, 'death'):.3f}"
    )


NOT_YET = pytest.mark.xfail(
    strict=True,
    raises=AssertionError,
    reason="the bar is not reached on all sentences that nothing was made from",
)


@pytest.mark.parametrize(
    "names",
    [KNOWN, ORDERED, ORDERED[-1:], pytest.param(SET_ASIDE, marks=NOT_YET)],
    ids=["known", "to-the-order", "last-to-the-order", "all-set-aside"],
)
def test_dangers_are_heard_and_harmless_words_are_not(
    names: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    counts = [counted(name) for name in names]
    together = sum(counts, Counter[tuple[str, str, str]]())
    told = [report(name, each) for name, each in zip(names, counts, strict=True)]
    with capsys.disabled():
        sys.stdout.write("\n".join(["", *told, report("together", together), ""]))
    heard = share(together, ("danger",), "danger")
    false = share(together, ("none", "death"), "danger")
    assert heard >= RECALL
    assert false <= FALSE_ALARMS


def test_the_lists_do_not_get_worse_on_what_was_set_aside() -> None:
    for names, heard, false in REACHED:
        together = sum((counted(name) for name in names), Counter[tuple[str, str, str]]())
        assert share(together, ("danger",), "danger") >= heard
        assert share(together, ("none", "death"), "danger") <= false
    assert share(together, ("need",), "need") >= NEED_HEARD


def test_nothing_that_was_set_aside_is_learned_from() -> None:
    told = {_letters(sentence) for name in (*KNOWN, TAUGHT) for _, _, sentence in listed(name)}
    assert sum(_letters(sentence) in told for name in SET_ASIDE for _, _, sentence in listed(name)) == 0


def _letters(sentence: str) -> str:
    return re.sub(r"[\s.,!?។៕;:\"'…()]+", "", plain(sentence))


def test_there_are_as_many_sentences_as_the_issue_asks_for() -> None:
    rows = [row for name in (*KNOWN, *SET_ASIDE) for row in listed(name)]
    by_language = Counter(language for _, language, _ in rows)
    assert by_language["km"] >= 150
    assert by_language["rom"] >= 60
    assert by_language["en"] + by_language["th"] >= 60
    assert sum(len(listed(name)) for name in SET_ASIDE) * 3 >= len(rows) - 3


def test_no_example_of_the_lists_is_a_sentence_of_the_tables() -> None:
    told = shipped().examples
    examples = {*told.danger, *told.need, *told.death, *told.none}
    rows = [row for name in (*KNOWN, *SET_ASIDE) for row in listed(name)]
    assert sum(sentence in examples for _, _, sentence in rows) == 0
