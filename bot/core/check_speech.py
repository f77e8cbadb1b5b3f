"""Proofs about recordings: what a node says aloud is there, is of use, and can be played.

Never listens: whether a recording says its sentence, a person must hear.
"""

from collections.abc import Iterator, Mapping

from bot.core.book import Book
from bot.core.contact import LANGUAGES
from bot.core.finding import Finding, Place, find
from bot.core.outline import every_node, place_of
from bot.core.speech import LONGEST, is_opus, path_of


def check_speech(book: Book, recordings: Mapping[str, bytes]) -> Iterator[Finding]:
    """Findings about every recording, and about those that are not there."""
    wanted: set[str] = set()
    for dialog, node in every_node(book):
        if node.recording is None:
            continue
        for language in LANGUAGES:
            path = path_of(node.recording, language)
            wanted.add(path)
            if path not in recordings:
                place = place_of(dialog, node, "speech")
                yield find(place, "speech-missing", id=node.recording, language=language, file=path)
    for path, data in recordings.items():
        if path not in wanted:
            yield find(Place(path), "speech-unused")
        if len(data) > LONGEST:
            yield find(Place(path), "speech-large")
        if not is_opus(data):
            yield find(Place(path), "speech-form")
