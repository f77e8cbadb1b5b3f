"""`python -m bench.faq [FILE.tsv]`: our search and three others on a set of questions, as Markdown tables.

Never writes a file. `--choose` prints the constants that the tuning set asks for, `--growth` the cost of more
entries, `--errors` what goes wrong with the tuning set (what is seen of the held-out set would be tuned on).
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from bench.faq import choosing, cost
from bench.faq.judging import Judged, best_way, judged, quality
from bench.faq.searches import Ours, peers
from bench.faq.sets import HELD_OUT, OUTSIDE, TUNING, Question, Shipped, read, shipped
from bot.core.faq_index import ANSWER

FALSE = 0.03  # what a peer's threshold may let through on the tuning set


def main() -> None:
    """Read the command line and do it."""
    parser = argparse.ArgumentParser(prog="python -m bench.faq", description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=HELD_OUT)
    parser.add_argument("--choose", action="store_true", help="constants from the tuning set")
    parser.add_argument(
        "--growth", action="store_true", help="build, memory and query at 1, 10 and 100 times"
    )
    parser.add_argument("--errors", action="store_true", help="what goes wrong on the tuning set")
    given = parser.parse_args()
    ours = shipped()
    if given.choose:
        _choose(ours)
    elif given.growth:
        cost.show_growth(ours, read(TUNING))
    elif given.errors:
        _errors(ours)
    else:
        _compare(ours, read(given.file), given.file)


def _compare(given: Shipped, questions: Sequence[Question], file: Path) -> None:
    from khmercut import tokenize  # noqa: PLC0415 - a bench dependency that only this needs; it loads a model

    tuning = read(TUNING)
    outside = sum(one.label == OUTSIDE for one in questions)
    print(f"{file.name}: {len(questions) - outside} questions in scope, {outside} out of scope\n")
    print("| search | top-1 | top-3 | MRR | accepted | wrong answer | false accepts | p50 ms | p95 ms |")
    print("|---|---|---|---|---|---|---|---|---|")
    results = []
    for name, search in {"Spean": Ours(given.index), **peers(given, tokenize)}.items():
        way, threshold = (0, ANSWER) if name == "Spean" else best_way(judged(search, tuning), FALSE)
        results.append(judged(search, questions))
        one = quality(results[-1], way, threshold)
        shares = (one.top1, one.top3, one.mrr, one.accepted, one.wrong, one.false)
        p50, p95 = cost.speed(search, questions)
        print(f"| {name} | {' | '.join(f'{share:.3f}' for share in shares)} | {p50:.2f} | {p95:.2f} |")
    _styles(results[0])


def _styles(results: Sequence[Judged]) -> None:
    print("\n| style | questions | top-1 | top-3 | accepted | false accepts |\n|---|---|---|---|---|---|")
    for style in dict.fromkeys(one.question.style for one in results):
        some = [one for one in results if one.question.style == style]
        inside = sum(one.question.label != OUTSIDE for one in some)
        got = quality(some, 0, ANSWER)
        shares = [got.top1, got.top3, got.accepted] if inside else []
        cells = [*(f"{share:.2f}" for share in shares), *[""] * (3 - len(shares)), f"{got.false:.3f}"]
        print(f"| {style} | {inside} + {len(some) - inside} | {' | '.join(cells)} |")


def _choose(given: Shipped) -> None:
    cases = [choosing.case(given.index, one) for one in read(TUNING)]
    weights, answer, suggest = choosing.choose(cases)
    names = "BASE, OWN, RIVAL, STRANGE, LENGTH"
    print(f"{names} = {', '.join(f'{one:.2f}' for one in weights)}")
    print(f"ANSWER = {answer:.3f}\nSUGGEST = {suggest:.3f}")
    accepted, false = choosing.crossed(cases)
    print(f"judged by the other four fifths: accepted {accepted:.3f}, false accepts {false:.3f}")


def _errors(given: Shipped) -> None:
    for one in judged(Ours(given.index), read(TUNING)):
        question, sure = one.question, one.sure(0)
        outside = question.label == OUTSIDE
        if (outside and sure >= ANSWER) or (not outside and one.rank != 1):
            first = one.found.entries[0] if one.found.entries else ""
            print(f"{question.label} rank {one.rank} {sure:.2f} {first}\t{question.style}\t{question.text}")


if __name__ == "__main__":
    main()
