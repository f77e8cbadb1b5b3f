"""Scripts and catalogues kept tidy: message ids extracted by Babel, catalogues updated, canonical form.

Never writes a sentence and never guesses one from another (no fuzzy matching).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import IO, Any

from babel.messages.extract import extract_from_dir

from bot import catalogues
from bot.catalogues import Entry
from bot.core.check_words import FREE_DOMAINS, SYSTEM, messages_of, messages_of_answers, messages_of_offices
from bot.core.contact import LANGUAGES
from bot.script_files import DIALOGS, FAQ, PLACES, Parsed, canonical_toml, parse_files
from bot.script_voices import canonical as canonical_lists
from bot.scripts import BrokenScript, Files, read_files

Extracted = tuple[int, str, str, list[str]]  # as Babel wants it: line, function, message id, comments


@dataclass(frozen=True, slots=True)
class Changes:
    """Files to write (None: to remove), and message ids that came and went."""

    files: Mapping[str, bytes | None]
    added: tuple[str, ...] = ()
    dropped: tuple[str, ...] = ()

    def write(self, root: Path) -> None:
        """Carry the changes out below `root`. Raises OSError."""
        for file, data in self.files.items():
            path = root / file
            if data is None:
                path.unlink()
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)


def extract_script(
    script: IO[bytes],
    keywords: Mapping[str, Any],  # noqa: ARG001 - Babel's signature
    tags: Collection[str],  # noqa: ARG001 - Babel's signature
    options: Mapping[str, Any],  # noqa: ARG001 - Babel's signature
) -> Iterator[Extracted]:
    """Babel's extractor for dialogs/*.toml and dialogs/faq/*.toml."""
    path = PurePath(script.name)
    file = (FAQ if path.parent.name == PurePath(FAQ).name else DIALOGS) + path.name
    for message_id in _ids(parse_files({file: script.read()})):
        yield 1, "", message_id, []


def extract_system(
    script: IO[bytes],  # noqa: ARG001 - Babel's signature
    keywords: Mapping[str, Any],  # noqa: ARG001 - Babel's signature
    tags: Collection[str],  # noqa: ARG001 - Babel's signature
    options: Mapping[str, Any],  # noqa: ARG001 - Babel's signature
) -> Iterator[Extracted]:
    """Babel's extractor for what the program says beside the scripts."""
    for message_id in SYSTEM:
        yield 1, "", message_id, []


def _ids(parsed: Parsed) -> Iterator[str]:
    for dialog in parsed.dialogs.values():
        for node in dialog.nodes.values():
            yield from (message_id for message_id, _ in messages_of(node))
    kinds = [node.kind for dialog in parsed.dialogs.values() for node in dialog.nodes.values()]
    yield from (message_id for message_id, _ in messages_of_answers(kinds, parsed.entries))
    yield from messages_of_offices(parsed.centres.values(), parsed.hotlines.values())


def update_words(root: Path) -> Changes:
    """Every id that is said gets a place in both languages, what nothing says goes. Raises BrokenScript."""
    files = read_files(root)
    parsed = parse_files(files)
    unread = [file for file in files if catalogues.language_of(file) and file not in parsed.catalogues]
    if unread or not parsed.complete:
        raise BrokenScript(tuple(parsed.findings))
    wanted = set(SYSTEM)
    for _, _, message_id, _, _ in extract_from_dir(
        root / DIALOGS, [("**.toml", "bot.script_words:extract_script")]
    ):
        wanted.add(str(message_id))
    wanted |= {
        message_id
        for file, entries in parsed.catalogues.items()
        if catalogues.domain_of(file) in FREE_DOMAINS
        for message_id in entries
    }
    return _changes(files, parsed, wanted)


def _changes(files: Files, parsed: Parsed, wanted: set[str]) -> Changes:
    changed: dict[str, bytes | None] = {}
    added: list[str] = []
    dropped: list[str] = []
    for language in LANGUAGES:
        old = {file for file in parsed.catalogues if catalogues.language_of(file) == language}
        new = {catalogues.file_of(message_id.partition(".")[0], language) for message_id in wanted}
        for file in sorted(old | new):
            entries = parsed.catalogues.get(file, {})
            ids = {one for one in wanted if catalogues.file_of(one.partition(".")[0], language) == file}
            added += sorted(ids - entries.keys())
            dropped += sorted(entries.keys() - ids)
            kept = {message_id: entries.get(message_id, Entry("")) for message_id in ids}
            data = catalogues.write(kept, language) if kept else None
            if files.get(file) != data:
                changed[file] = data
    return Changes(changed, tuple(dict.fromkeys(added)), tuple(dict.fromkeys(dropped)))


def format_words(root: Path) -> Changes:
    """Catalogues in canonical form and encoding; those that can not be read stay as they are."""
    files = read_files(root)
    changed: dict[str, bytes | None] = {}
    for file, entries in parse_files(files).catalogues.items():
        language = catalogues.language_of(file)
        if language and (data := catalogues.write(catalogues.normalised(entries), language)) != files[file]:
            changed[file] = data
    return Changes(changed)


def format_scripts(root: Path) -> Changes:
    """Scripts and lists of recordings in canonical form; those that cannot be read stay as they are."""
    changed: dict[str, bytes | None] = {}
    for file, data in read_files(root).items():
        if not file.startswith(DIALOGS) or not file.endswith(".toml") or file == PLACES:
            continue
        try:
            canonical = canonical_toml(data.decode()).encode()
        except UnicodeDecodeError:  # `check` names it
            continue
        if canonical != data:
            changed[file] = canonical
    return Changes({**changed, **canonical_lists(read_files(root))})
