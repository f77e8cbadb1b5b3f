"""The recordings of a folder of scripts: listed, missed, and new ones taken in with the words they speak.

Never listens to one and never writes a file by itself (`Taken.write` is asked to).
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.core.aloud import first_of, read_aloud, words_of
from bot.core.contact import Language
from bot.core.speech import (
    BadManifest,
    folder_of,
    hash_of,
    id_of,
    manifest_of,
    path_of,
    read_manifest,
    seconds,
    write_manifest,
)
from bot.scripts import Files, Release

State = Literal["fresh", "stale", "unused"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A recording in the files. `state`: speaks the present words, other ones, or those of no message."""

    language: Language
    id: str
    dialog: str
    size: int
    seconds: float
    state: State


@dataclass(frozen=True, slots=True)
class Wanted:
    """A sentence that should be recorded, with the words to read aloud."""

    language: Language
    id: str
    dialog: str
    words: str


@dataclass(frozen=True, slots=True)
class Taken:
    """Files to write: new recordings, and the list of words."""

    files: Files

    def write(self, root: Path) -> None:
        """Write them below `root`. Raises OSError."""
        for file, data in self.files.items():
            path = root / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)


def listed(release: Release, files: Files, language: Language) -> Iterator[Kept]:
    """Every recording of a language, in the order of ids."""
    spoken = read_aloud(release.book)
    for path in sorted(files):
        if not path.startswith(folder_of(language)) or path == manifest_of(language):
            continue
        message_id = id_of(path) or path.rpartition("/")[2]
        fresh = message_id in release.voices[language]
        state: State = "fresh" if fresh else "stale" if message_id in spoken else "unused"
        domain = message_id.partition(".")[0]
        yield Kept(language, message_id, domain, len(files[path]), seconds(files[path]), state)


def missing(release: Release, language: Language) -> Iterator[Wanted]:
    """The sentences of the first dialogs that nobody hears yet, in recording order."""
    for dialog, ids in first_of(release.book).items():
        for one in ids:
            words = to_read(release, one, language)
            if words is not None and one not in release.voices[language]:
                yield Wanted(language, one, dialog, words)


def to_read(release: Release, message_id: str, language: Language) -> str | None:
    """The words that the recording of a message speaks; None for what no recording speaks."""

    def text(one: str) -> str | None:
        return release.words.say(one, language) if release.words.has(one, language) else None

    spoken = read_aloud(release.book).get(message_id)
    return None if spoken is None else words_of(spoken, text)


def take(release: Release, files: Files, language: Language, sounds: Mapping[str, bytes]) -> Taken:
    """The files that make these recordings (by message id) speak the present words.

    Raises LookupError for an id that has no words, BadManifest for a list that cannot be read.
    """
    spoken = read_manifest(files.get(manifest_of(language), b""))
    written = dict[str, bytes]()
    for message_id, data in sounds.items():
        words = to_read(release, message_id, language)
        if words is None:
            raise LookupError(message_id)
        spoken[message_id] = hash_of(words)
        written[path_of(message_id, language)] = data
    known = {one: name for one, name in spoken.items() if path_of(one, language) in {*files, *written}}
    return Taken({**written, manifest_of(language): write_manifest(known)})


def canonical(files: Files) -> Mapping[str, bytes]:
    """The lists of recordings in canonical form, where they are not; those that cannot be read stay."""
    changed: dict[str, bytes] = {}
    for path, data in files.items():
        if not path.endswith("/voice/words.toml"):
            continue
        try:
            written = write_manifest(read_manifest(data))
        except BadManifest:  # `check` names it
            continue
        if written != data:
            changed[path] = written
    return changed
