"""Proofs about recordings: each can be played and speaks the present words, and the first ones are there.

Never listens: whether a recording says its sentence, a person must hear.
"""

from collections.abc import Iterator, Mapping

from bot.core.aloud import MISSED_IN, Text, first_of, read_aloud, words_of
from bot.core.book import Book
from bot.core.check_words import Catalogues
from bot.core.contact import LANGUAGES, Language
from bot.core.finding import Finding, Place, find
from bot.core.speech import (
    LONGEST,
    BadManifest,
    folder_of,
    hash_of,
    id_of,
    is_opus,
    manifest_of,
    path_of,
    read_manifest,
    write_manifest,
)

NAMED = 3  # ids that a Finding names; `spean voice missing` has them all


def check_speech(book: Book, catalogues: Catalogues, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Findings about every recording, and about dialogs that lack some. `files`: bytes by their path."""
    spoken = read_aloud(book)
    for language in LANGUAGES:
        found = {
            path: data
            for path, data in files.items()
            if path.startswith(folder_of(language)) and path != manifest_of(language)
        }
        for path, data in found.items():
            yield from _check_sound(path, data)
        listed, faults = _listed(files, language)
        yield from faults
        yield from _check_words(spoken, listed, found, language, _text(catalogues, language))
        if language in MISSED_IN:
            yield from _check_missing(book, found, language)


def _text(catalogues: Catalogues, language: Language) -> Text:
    return lambda message_id: catalogues.get((language, message_id.partition(".")[0]), {}).get(message_id)


def _check_sound(path: str, data: bytes) -> Iterator[Finding]:
    if len(data) > LONGEST:
        yield find(Place(path), "recording-large")
    if not is_opus(data):
        yield find(Place(path), "recording-form")


def _listed(files: Mapping[str, bytes], language: Language) -> tuple[Mapping[str, str], tuple[Finding, ...]]:
    """The list of a language, and what is wrong with it."""
    path = manifest_of(language)
    data = files.get(path, b"")
    try:
        listed = read_manifest(data)
    except BadManifest as bad:
        return {}, (find(Place(path), "recording-list", line=bad.line),)
    return listed, (find(Place(path), "toml-form"),) if write_manifest(listed) != data else ()


def _check_words(
    spoken: Mapping[str, tuple[str, ...]],
    listed: Mapping[str, str],
    found: Mapping[str, bytes],
    language: Language,
    text: Text,
) -> Iterator[Finding]:
    for path in found:
        message_id = id_of(path)
        if message_id is None or message_id not in spoken:
            yield find(Place(path), "recording-unused")
            continue
        words = words_of(spoken[message_id], text)
        if words is not None and listed.get(message_id) != hash_of(words):
            yield find(Place(path), "recording-stale", id=message_id)
    for message_id in listed:
        if path_of(message_id, language) not in found:
            yield find(Place(manifest_of(language), key=message_id), "recording-unused")


def _check_missing(book: Book, found: Mapping[str, bytes], language: Language) -> Iterator[Finding]:
    for dialog, wanted in first_of(book).items():
        missing = [one for one in wanted if path_of(one, language) not in found]
        if missing:
            named = ", ".join(missing[:NAMED]) + (" …" if len(missing) > NAMED else "")
            place = Place(f"dialogs/{dialog}.toml")
            yield find(
                place, "recording-missing", count=len(missing), language=language, dialog=dialog, ids=named
            )
