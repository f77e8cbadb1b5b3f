"""Proofs about the safety lists: every phrase can be read, every example is heard as it should be.

Never judges words by itself: the examples in the file do.
"""

from collections.abc import Iterator

from bot.core.book import Book
from bot.core.finding import Finding, Place, find
from bot.core.safety import Safety, alarm, phrases
from bot.core.safety_phrase import Alarm

SAFETY = "dialogs/safety.toml"
RANKS: tuple[Alarm, ...] = ("danger", "need", "death")


def check_safety(book: Book) -> Iterator[Finding]:
    """Findings about phrases, examples, and the dialogs that the words open."""
    safety = book.safety
    for fault in safety.faults:
        if fault.group:
            yield find(Place(SAFETY, fault.where), "safety-group", name=fault.group, text=fault.text)
        else:
            yield find(Place(SAFETY, fault.where), "safety-phrase", text=fault.text)
    if safety.indexes:
        ranks = {route.rank for route in book.routes}
        for rank in RANKS:
            if rank not in ranks:
                yield find(Place("dialogs/routes.toml"), "safety-route", kind=rank)
    yield from _check_examples(safety)


def _check_examples(safety: Safety) -> Iterator[Finding]:
    told = safety.examples
    wanted = (("danger", told.danger), ("need", told.need), ("death", told.death), ("none", told.none))
    for kind, sentences in wanted:
        for sentence in sentences:
            found, heard = next(iter(phrases(safety, sentence)), None), alarm(safety, sentence) or "none"
            place = Place(SAFETY, "examples", kind)
            if heard == kind:
                continue
            if found is not None and found.kind == heard:
                phrase = {"phrase": found.text, "theme": found.theme}
                yield find(place, "safety-false-alarm", text=sentence, kind=heard, **phrase)
            elif heard == "none":
                yield find(place, "safety-missed", text=sentence, kind=kind)
            else:
                yield find(place, "safety-resembles", text=sentence)
