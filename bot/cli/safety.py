"""`spean safety learn`: the sense beside the safety lists, learned from sentences that are known.

Never reads sentences that were set aside to measure it by, and never touches the lists.
"""

from collections.abc import Iterable
from itertools import chain
from pathlib import Path
from typing import Annotated

import typer

from bot import scripts
from bot.cli.options import BOT_TOML, Config
from bot.cli.output import say
from bot.cli.refused import Refused
from bot.core.book import Book
from bot.core.outline import choices_of
from bot.core.safety import Safety, phrases
from bot.core.safety_learning import Sentence, learn
from bot.core.safety_sense import written
from bot.script_files import WEIGHTS

KINDS = ("danger", "need", "death", "none")
SAFETY_TOPIC = "safety"  # of answers: those who ask them may be in danger
COLUMNS = 3  # kind, language, sentence

commands = typer.Typer(help="The rules by which danger is heard.", no_args_is_help=True)
Files = Annotated[list[Path], typer.Argument(help="Tables of kind, language and sentence (TSV).")]


@commands.callback()
def _family() -> None:
    """Keeps `learn` a command of its own."""


@commands.command("learn")
def learn_anew(files: Files, *, config: Config = BOT_TOML) -> None:
    """Learn from tables and from the examples of the lists; writes dialogs/safety.weights in minutes."""
    del config  # every command takes it; what is learned does not depend on it
    book = scripts.reopen_release(scripts.read_files(Path())).book
    sentences = known(files, book.safety)
    sense = learn(sentences, ordinary(book))
    Path(WEIGHTS).write_bytes(written(sense))
    say(f"{WEIGHTS} · learned from {len(sentences)} sentences: {len(sense.weights)} weights")


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
    known = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        cells = line.split("\t")
        if len(cells) != COLUMNS or cells[0] not in KINDS:
            cure = f"write one of {', '.join(KINDS)}, the language and the sentence, with tabs between"
            raise Refused(f"{file}, line {number}", "it is no kind, language and sentence", cure)
        known.append((cells[0] == "danger", cells[2]))
    return known
