"""The files of a Release: read, named by their digest, checked, and compiled to a Book and its Words.

Never talks to the store and never changes a file (`script_words` does).
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from bot import catalogues, script_forms
from bot.core.activity_pages import labels as activity_labels
from bot.core.aloud import fresh
from bot.core.book import Book
from bot.core.check import check as prove
from bot.core.check_words import Catalogues
from bot.core.contact import LANGUAGES, Language
from bot.core.dialog import ChoiceNode, Dialog, Kind, MultiChoiceNode, YesNoNode
from bot.core.faq_page import labels as faq_labels
from bot.core.finding import Finding
from bot.core.khmer.digits import to_khmer_digits
from bot.core.phrases import BUTTONS
from bot.core.speech import Voices, is_voice
from bot.i18n import MissingWords, Words
from bot.script_faq import faq
from bot.script_files import Parsed, parse_files

FOLDERS = ("dialogs", "locales")
COUNTS = frozenset({"line", "position", "length", "count"})  # arguments of Findings that are numbers to read

Files = Mapping[str, bytes]  # path with slashes, from the root → bytes


@dataclass(frozen=True, slots=True)
class Release:
    """A compiled Release; `digest` names the bytes it came from. `voices`: what speaks its present words."""

    digest: str
    book: Book
    words: Words
    voices: Voices


_proven: list[Release] = []  # the last alone: a start proves what it then serves


class BrokenScript(Exception):  # noqa: N818 - the contract's name
    """The files can not become a Release. `findings` has every fault, warnings too."""

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        errors = [one for one in findings if one.severity == "error"]
        super().__init__(f"{len(errors)} faults in the scripts, the first in {errors[0].file}")
        self.findings = findings


def read_files(root: Path) -> Files:
    """Every file under dialogs/ and locales/, hidden ones excepted. Raises OSError."""
    files: dict[str, bytes] = {}
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                files[path.relative_to(root).as_posix()] = path.read_bytes()
    return files


def digest(files: Files) -> str:
    """The name of these bytes: SHA-256 in hex over path and content, in the order of paths."""
    total = hashlib.sha256()
    for path in sorted(files):
        total.update(f"{len(path.encode())} {path} {len(files[path])}\n".encode())
        total.update(files[path])
    return total.hexdigest()


def check(files: Files, today: date | None = None) -> tuple[Finding, ...]:
    """Every Finding of these files, in the order of files; faults in files hide those between them.

    `today`: to name what has run out by then.
    """
    return _ordered(_examine(files, today)[1])


def compile_release(files: Files) -> Release:
    """The Release of these files. Raises BrokenScript when any Finding is an error."""
    name = digest(files)
    if known := _known(name):
        return known
    parsed, findings = _examine(files)
    if any(one.severity == "error" for one in findings):
        raise BrokenScript(_ordered(findings))
    release = _release(files, name, parsed)
    _proven[:] = [release]
    return release


def _known(name: str) -> Release | None:
    return next((one for one in _proven if one.digest == name), None)


def reopen_release(files: Files) -> Release:
    """A Release that was proven when it was published: built again without the proofs of this version.

    A session may have begun under older rules, and must be able to go on. Raises BrokenScript when the files
    cannot be read any more.
    """
    name = digest(files)
    if known := _known(name):
        return known
    parsed = parse_files(files)
    if not parsed.complete:
        raise BrokenScript(_ordered(parsed.findings))
    return _release(files, name, parsed)


def _release(files: Files, name: str, parsed: Parsed) -> Release:
    book, texts = _book(parsed, name), _texts(parsed)
    voices = fresh(book, texts, files)
    heard = {language: frozenset(recordings) for language, recordings in voices.items()}
    return Release(name, replace(book, voices=heard), Words(texts), voices)


def schema() -> str:
    """The JSON Schema of a dialog file, for editors; committed as docs/dialog.schema.json."""
    return json.dumps(script_forms.schema(), indent=2, ensure_ascii=False) + "\n"


def explain(finding: Finding, words: Words, language: Language) -> tuple[str, str, str]:
    """Where, what is wrong, what to do: `file › node › key` and two sentences."""
    where = " › ".join(part for part in (finding.file, finding.node, finding.key) if part)
    return (
        where,
        _sentence(finding.problem, finding, words, language),
        _sentence(finding.cure, finding, words, language),
    )


def words_of(files: Files) -> Words:
    """What can be read of the catalogues, to explain Findings even of broken files."""
    return Words(_texts(parse_files(files)))


def _sentence(message_id: str, finding: Finding, words: Words, language: Language) -> str:
    args = dict(finding.args)
    if language == "km":
        args.update((name, to_khmer_digits(args[name])) for name in COUNTS & args.keys())
    try:
        return words.say(message_id, language, args)
    except MissingWords:  # the catalogue `check` itself is broken: the id and what it is about must do
        return " ".join([message_id, *(f"{name}={value}" for name, value in finding.args.items())])


def _examine(files: Files, today: date | None = None) -> tuple[Parsed, list[Finding]]:
    parsed = parse_files(files)
    findings = list(parsed.findings)
    if parsed.complete:
        recordings = {path: data for path, data in files.items() if is_voice(path)}
        findings += prove(_book(parsed, ""), _catalogues(parsed), recordings, today)
    return parsed, findings


def _catalogues(parsed: Parsed) -> Catalogues:
    return {
        (language, catalogues.domain_of(file)): {
            message_id: None if entry.fuzzy else entry.text for message_id, entry in entries.items()
        }
        for file, entries in parsed.catalogues.items()
        if (language := catalogues.language_of(file))
    }


def _texts(parsed: Parsed) -> dict[Language, dict[str, str]]:
    texts: dict[Language, dict[str, str]] = {language: {} for language in LANGUAGES}
    for file, entries in parsed.catalogues.items():
        language = catalogues.language_of(file)
        if language is not None:
            texts[language].update(
                (message_id, entry.text)
                for message_id, entry in entries.items()
                if entry.text and not entry.fuzzy
            )
    return texts


def _book(parsed: Parsed, name: str) -> Book:
    assert parsed.routes is not None  # noqa: S101 - parse_files reports a missing routes.toml
    assert parsed.places is not None  # noqa: S101 - as above
    texts = _texts(parsed)
    return Book(
        digest=name,
        dialogs=parsed.dialogs,
        routes=parsed.routes.routes,
        first=parsed.routes.first,
        home=parsed.routes.home,
        person=parsed.routes.person,
        who=parsed.routes.who,
        unasked=parsed.routes.unasked,
        link=parsed.routes.link,
        answers=parsed.routes.answers,
        activities=parsed.routes.activities,
        greetings=parsed.routes.greetings,
        quiet_when=parsed.routes.quiet_when,
        centres=parsed.centres,
        hotlines=parsed.hotlines,
        places=parsed.places,
        safety=parsed.safety,
        faq=faq(parsed, texts),
        labels={
            label: tuple(texts[language][label] for language in LANGUAGES if label in texts[language])
            for label in (*_labels(parsed.dialogs), *_page_labels(parsed))
        },
    )


def _page_labels(parsed: Parsed) -> Iterator[str]:
    """Labels of the pages of answers and activities."""
    kinds = _kinds(parsed.dialogs)
    yield from faq_labels(kinds, parsed.entries)
    yield from activity_labels(kinds)


def _labels(dialogs: Mapping[str, Dialog]) -> list[str]:
    labels: dict[str, None] = dict.fromkeys(BUTTONS)
    for dialog in dialogs.values():
        for node in dialog.nodes.values():
            match node.kind:
                case ChoiceNode(choices=choices) | MultiChoiceNode(choices=choices):
                    shown = choices
                case YesNoNode(yes, no):
                    shown = (yes, no)
                case _:
                    continue
            labels.update((message, None) for one in shown for message in (one.label, one.short) if message)
    return list(labels)


def _kinds(dialogs: Mapping[str, Dialog]) -> list[Kind]:
    return [node.kind for dialog in dialogs.values() for node in dialog.nodes.values()]


def _ordered(findings: list[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda one: (one.file, one.severity)))
