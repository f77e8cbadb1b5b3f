"""Catalogues of words as PO files: read, and written in their one canonical form.

Never decides which message ids there should be (`core.check_words` does) and never guesses a translation.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

import polib

from bot.core.contact import LANGUAGES, Language
from bot.core.khmer.normalise import normalise

# polib closes quotes by itself and would open a file that the text names: only these lines reach it
_LINE = re.compile(r'\s*(#.*|((msgid|msgstr)\s+)?"(?:[^"\\]|\\.)*"\s*)?')


class BadCatalogue(Exception):  # noqa: N818 - the thing is bad, its reading went well
    """Not a catalogue. `line` counts from 1, 0 when unknown; `twice`: the id that stands two times."""

    def __init__(self, line: int, twice: str = "") -> None:
        super().__init__(f"message id {twice!r} twice" if twice else f"not a PO file, line {line}")
        self.line = line
        self.twice = twice


@dataclass(frozen=True, slots=True)
class Entry:
    """One sentence; `note` is the translator's comment above it. A fuzzy or empty one counts as missing."""

    text: str
    note: str = ""
    fuzzy: bool = False


Entries = Mapping[str, Entry]


def language_of(file: str) -> Language | None:
    """The language of `locales/<language>/LC_MESSAGES/<domain>.po`; None for any other file."""
    match PurePosixPath(file).parts:
        case ["locales", folder, "LC_MESSAGES", name] if name.endswith(".po"):
            return next((language for language in LANGUAGES if language == folder), None)
        case _:
            return None


def domain_of(file: str) -> str:
    """The name of the catalogue: its file's, without `.po`."""
    return PurePosixPath(file).stem


def file_of(domain: str, language: Language) -> str:
    """Where the catalogue of a domain stands."""
    return f"locales/{language}/LC_MESSAGES/{domain}.po"


def read(data: bytes) -> dict[str, Entry]:
    """Message id → entry, in file order. Raises BadCatalogue."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as broken:
        raise BadCatalogue(data.count(b"\n", 0, broken.start) + 1) from broken
    for number, line in enumerate(text.split("\n"), 1):
        if not _LINE.fullmatch(line):
            raise BadCatalogue(number)
    try:
        catalogue = polib.pofile(text)
    except OSError as broken:
        raise BadCatalogue(_line(str(broken))) from broken
    entries: dict[str, Entry] = {}
    for entry in catalogue:
        if entry.obsolete:
            continue
        if entry.msgid in entries:
            raise BadCatalogue(entry.linenum, entry.msgid)
        entries[entry.msgid] = Entry(entry.msgstr, entry.comment or entry.tcomment, entry.fuzzy)
    return entries


def _line(report: str) -> int:
    # polib words it "Syntax error in po file … (line 12): …"
    _, _, after = report.partition("(line ")
    number = after.partition(")")[0]
    return int(number) if number.isdigit() else 0


def write(entries: Entries, language: Language) -> bytes:
    """The canonical form: sorted by message id, a bare header, no line wrapped."""
    catalogue = polib.POFile(wrapwidth=0)
    catalogue.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for message_id, entry in sorted(entries.items()):
        flags = ["fuzzy"] if entry.fuzzy else []
        written = polib.POEntry(msgid=message_id, msgstr=entry.text, tcomment=entry.note, flags=flags)
        catalogue.append(written)
    return str(catalogue).removeprefix("#\n").encode()


def canonical(data: bytes, language: Language) -> bytes:
    """The same entries in canonical form. Raises BadCatalogue."""
    return write(read(data), language)


def normalised(entries: Entries) -> dict[str, Entry]:
    """Every sentence in the canonical encoding of Khmer."""
    return {message_id: replace(entry, text=normalise(entry.text)) for message_id, entry in entries.items()}
