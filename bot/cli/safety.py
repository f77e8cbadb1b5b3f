"""`spean safety learn`: the sense beside the safety lists, learned from sentences that are known.

Never reads sentences that were set aside to measure it by, and never touches the lists.
"""

from collections.abc import Collection, Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from bot import scripts
from bot.cli.options import BOT_TOML, Config
from bot.cli.output import counted, say
from bot.cli.refused import Refused
from bot.core.book import Book
from bot.core.outline import choices_of
from bot.core.safety import Safety, phrases
from bot.core.safety_learning import Sentence, learn
from bot.core.safety_sense import written
from bot.core.safety_thesaurus import Row, Thesaurus, keys, thesaurus_of
from bot.script_files import WEIGHTS

KINDS = ("danger", "need", "death", "none")
SAFETY_TOPIC = "safety"  # of answers: those who ask them may be in danger
LANGUAGES = ("km", "rom", "en", "th")
COLUMNS = 3  # of both kinds of tables

commands = typer.Typer(help="The rules by which danger is heard.", no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(help="Tables of kind, language and sentence (TSV).")]
Words = Annotated[
    Path | None,
    typer.Option(
        "--thesaurus", help="A table of concept, language and word (TSV); else the one learned with last."
    ),
]


@commands.callback()
def _family() -> None:
    """Keeps `learn` a command of its own."""


@commands.command("learn")
def learn_anew(files: Files, *, thesaurus: Words = None, config: Config = BOT_TOML) -> None:
    """Learn anew from all tables together and the examples of the lists; replaces dialogs/safety.weights."""
    del config  # every command takes it; what is learned does not depend on it
    book = scripts.reopen_release(scripts.read_files(Path())).book
    sentences = known(files, book.safety)
    words = read_thesaurus(thesaurus) if thesaurus else book.safety.sense.thesaurus
    sense = learn(sentences, ordinary(book), words)
    Path(WEIGHTS).write_bytes(written(sense))
    forms = len(words.heard) + len(words.spelled)
    kinds = (sense.pieces, sense.pairs, sense.meanings)
    weights = sum(len(kind.steps) for kind in kinds)
    told = counted(len(sentences), "sentence", "sentences")
    words_known = counted(forms, "word", "words")
    say(f"{WEIGHTS} · learned from {told}, {words_known}: {counted(weights, 'weight', 'weights')}")


def known(files: Iterable[Path], safety: Safety) -> list[Sentence]:
    """The sentences of tables, and the examples of the lists."""
    told = safety.examples
    examples = [(True, one) for one in told.danger]
    examples += [(False, one) for one in (*told.need, *told.death, *told.none)]
    return [sentence for file in files for sentence in read_table(file)] + examples


def ordinary(book: Book) -> list[str]:
    """What people say all the time: labels, what opens dialogs, what they ask, names of places."""
    urgent = {one.question for one in book.faq.of(SAFETY_TOPIC)}
    said = set(chain.from_iterable(words for label, words in book.labels.items() if label not in urgent))
    asked = (one for one in book.faq.entries.values() if one.topic != SAFETY_TOPIC)
    said.update(chain.from_iterable(one.phrasings for one in asked))
    said.update(book.faq.elsewhere)
    said.update(chain.from_iterable(route.phrases for route in book.routes))
    for dialog in book.dialogs.values():
        for node in dialog.nodes.values():
            said.update(chain.from_iterable(choice.phrases for choice in choices_of(node).values()))
    codes = [""]
    while codes:
        for place in book.places.children(codes.pop()):
            said.update((place.km, place.en, *place.aliases))
            codes.append(place.code)
    return sorted(one for one in said if not phrases(book.safety, one))


def read_table(file: Path) -> list[Sentence]:
    """The sentences of a table. Raises OSError, and Refused for a line that cannot be understood."""
    rows = _rows(file, 0, KINDS, "kind, language and sentence")
    return [(kind == "danger", sentence) for _, (kind, _, sentence) in rows]


def read_thesaurus(file: Path) -> Thesaurus:
    """The words of a table by their concepts. Raises as `read_table` does, and for a word never met."""
    rows = dict(_rows(file, 1, LANGUAGES, "concept, language and word"))
    for number, (_, language, word) in rows.items():
        if not any(keys(language, word)):
            cure = "write a word of two letters or more, in the letters of its language"
            raise Refused(f"{file}, line {number}", "this word can never be met", cure)
    return thesaurus_of(rows.values())


def _rows(file: Path, at: int, allowed: Collection[str], columns: str) -> Iterator[tuple[int, Row]]:
    """The numbered lines of a table of three columns, one of which says one of a few words."""
    try:
        lines = file.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as unread:
        raise Refused(str(file), "it is not UTF-8", "save it as text in UTF-8, with tabs") from unread
    if not any(line.strip() and not line.startswith("#") for line in lines):
        raise Refused(str(file), f"it holds no {columns}", "name a table that has lines")
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r").split("\t")
        if cells[0].startswith("#") or cells == [""]:
            continue
        if len(cells) != COLUMNS or not all(cells) or cells[at] not in allowed:
            cure = f"write {columns} with tabs between; one of {', '.join(allowed)} is column {at + 1}"
            raise Refused(f"{file}, line {number}", f"it is no {columns}", cure)
        yield number, (cells[0], cells[1], cells[2])
