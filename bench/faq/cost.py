"""What a search costs: time for a question, time and memory to build, and the same with many more entries.

Never measures with a profiler on: times are of the CPU of this process.
"""

import gc
import sys
import tracemalloc
from collections.abc import Sequence
from time import process_time

from bench.faq.searches import Ours, Search
from bench.faq.sets import Question, Shipped, grown
from bot.core.faq_index import Index, build

SIZES = (1, 10, 100)
_TRACED = 10  # times; to trace the memory of more would take an hour
_ROUNDS = 3
_EVERY = 6  # of the questions, one is asked of the larger indexes
MIB = 1024 * 1024


def speed(search: Search, questions: Sequence[Question]) -> tuple[float, float]:
    """Median and 95th percentile of the CPU milliseconds for a question, each the best of three."""
    times = sorted(min(_once(search, one.text) for _ in range(_ROUNDS)) for one in questions)
    return times[len(times) // 2] * 1000, times[int(len(times) * 0.95)] * 1000


def _once(search: Search, text: str) -> float:
    begun = process_time()
    search.find(text)
    return process_time() - begun


def show_growth(given: Shipped, questions: Sequence[Question]) -> None:
    """A row for as many entries as there are, ten times and a hundred times as many."""
    print(
        "| entries | phrasings | pieces | build s (CPU) | index MiB | while building MiB | p50 ms | p95 ms |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for times in SIZES:
        texts = grown(given.texts, times)
        gc.collect()
        begun = process_time()
        index = build(texts, given.answers)
        took = process_time() - begun
        p50, p95 = speed(Ours(index), questions[::_EVERY])
        peak = ""
        if times <= _TRACED:
            tracemalloc.start()
            build(texts, given.answers)
            peak = f"{tracemalloc.get_traced_memory()[1] / MIB:.0f}"
            tracemalloc.stop()
        phrasings = sum(map(len, texts.values()))
        size = held(index) / MIB
        print(
            f"| {len(texts):,} | {phrasings:,} | {len(index.places):,} | {took:.1f} | {size:.1f} | {peak} "
            f"| {p50:.2f} | {p95:.2f} |",
            flush=True,
        )


def held(index: Index) -> int:
    """The bytes of an index."""
    numbers = (index.weights, index.floors, index.starts, index.voted, index.votes)
    pieces = sum(sys.getsizeof(piece) + sys.getsizeof(at) for piece, at in index.places.items())
    return sum(map(sys.getsizeof, numbers)) + sys.getsizeof(index.places) + pieces
