"""What is read aloud: the words that each recording speaks, and which sentences are recorded first.

Never says anything and never looks into a sound.
"""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from bot.core.book import Book
from bot.core.check_words import declared
from bot.core.contact import LANGUAGES, Language
from bot.core.dialog import CallNode, EndNode, Node, RepeatNode
from bot.core.outline import choices_of, every_node
from bot.core.speech import (
    BadManifest,
    Recording,
    Voices,
    content_of,
    hash_of,
    manifest_of,
    path_of,
    read_manifest,
)

Text = Callable[[str], str | None]  # the sentence of a message id, if there is one

# Whoever is afraid, must agree to something or asks for help for the first time may not read: these dialogs
# are recorded before all others, in this order. A name that no dialog has is of none.
SAFETY: Final = (
    "danger",
    "callback",
    "hide",
    "need",
    "condolence",
    "minor",
    "who",
    "code",
    "file",
    "complain",
)
CONSENT: Final = ("language", "listen", "terms", "consent", "news", "successor", "consents")
INTAKE: Final = ("intake", "contact", "talk")
FIRST: Final = (*SAFETY, *CONSENT, *INTAKE)
# Who reads English reads: only Khmer recordings are missed. Others are played where there are any.
MISSED_IN: Final[tuple[Language, ...]] = ("km",)
_UNSPOKEN: Final = ("web", "check")  # pages and findings are read, not heard


def read_aloud(book: Book) -> Mapping[str, tuple[str, ...]]:
    """Message id → the messages whose words its recording speaks: its own, then the choices below it."""
    spoken: dict[str, tuple[str, ...]] = {
        one: (one,) for one in declared(book) if one.partition(".")[0] not in _UNSPOKEN
    }
    for _, node in every_node(book):
        labels = tuple(choice.label for choice in choices_of(node).values())
        if labels:
            spoken[node.text] = (node.text, *labels)
        elif isinstance(node.kind, RepeatNode):
            again = f"{node.text}.again"
            spoken[again] = (again, "bot.repeat-yes", "bot.repeat-no")
    return MappingProxyType(spoken)


def words_of(messages: tuple[str, ...], text: Text) -> str | None:
    """The words to read aloud, a choice a line; None when one of them has no words."""
    said = [text(one) for one in messages]
    return None if None in said else "\n".join(one for one in said if one)


def first_of(book: Book) -> Mapping[str, tuple[str, ...]]:
    """Dialog → its sentences that should be heard, in the order in which they are recorded."""
    return {name: tuple(_lines(book, name)) for name in FIRST if name in book.dialogs}


def _lines(book: Book, name: str) -> Iterator[str]:
    seen: set[str] = set()
    for node in book.dialogs[name].nodes.values():
        for one in _lines_of(node):
            if one not in seen:
                seen.add(one)
                yield one


def _lines_of(node: Node) -> Iterator[str]:
    """What a node may say as a line of a message; labels are spoken with it."""
    match node.kind:
        case CallNode() | EndNode():
            pass
        case RepeatNode():
            yield f"{node.text}.again"
        case _:
            yield node.text
    yield from (one for one in (node.why, node.help, node.retry) if one)


def fresh(book: Book, texts: Mapping[Language, Mapping[str, str]], files: Mapping[str, bytes]) -> Voices:
    """The recordings that speak the present words. A list that cannot be read has none (`check` says so)."""
    spoken = read_aloud(book)
    return {language: dict(_fresh(spoken, texts[language], files, language)) for language in LANGUAGES}


def _fresh(
    spoken: Mapping[str, tuple[str, ...]],
    texts: Mapping[str, str],
    files: Mapping[str, bytes],
    language: Language,
) -> Iterator[tuple[str, Recording]]:
    try:
        listed = read_manifest(files.get(manifest_of(language), b""))
    except BadManifest:
        return
    for message_id, name in listed.items():
        path = path_of(message_id, language)
        if path not in files or message_id not in spoken:
            continue
        words = words_of(spoken[message_id], texts.get)
        if words is not None and hash_of(words) == name:
            data = files[path]
            yield message_id, Recording(message_id, path, len(data), content_of(data))
