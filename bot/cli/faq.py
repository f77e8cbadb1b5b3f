"""`spean faq`: the answers known by heart: what is said today, what a question finds, and how well.

Never changes an answer.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli import faq_staff, standing
from bot.cli.options import BOT_TOML, Config, In, Json
from bot.cli.output import json_line, table
from bot.cli.refused import Refused
from bot.core.contact import LANGUAGES
from bot.core.faq import Entry, Faq
from bot.core.faq_index import decide, search
from storage import answers
from storage.answers import Judged

commands = typer.Typer(no_args_is_help=True, help="The answers that the bot knows by heart.")
for name, command in faq_staff.COMMANDS.items():
    commands.command(name)(command)

COLUMNS = (
    "id",
    "topic",
    "kind",
    "today",
    "expires",
    "reviewed_by",
    "confidence",
    "shown",
    "helped",
    "not_helped",
)
OUT_OF_SCOPE = "-"
Id = Annotated[str, typer.Argument(metavar="ID", help="The entry's id, such as q01-wages-owed.")]


@commands.command("list")
def list_(*, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """List every answer: how much of it is said today, until when, and whom it helped."""
    with standing.looking(config) as (stands, store):
        counted = store.read(answers.judged) if store else []
        by_id = {one.entry: one for one in counted}
        rows = [
            (*_cells(stands, entry), *_counts(by_id.get(entry.id))) for entry in stands.faq.entries.values()
        ]
    table(COLUMNS, rows, as_json=as_json)


@commands.command()
def show(entry_id: Id, *, config: Config = BOT_TOML, as_json: Json = False) -> None:
    """Show an answer in both languages, as it would be said today."""
    with standing.looking(config) as (stands, _):
        entry = stands.entry(entry_id)
        shown: dict[str, Any] = dict(zip(COLUMNS, _cells(stands, entry), strict=False))
        shown |= {"version": entry.version, "source": entry.source}
        if (taken := stands.taken.get(entry.id)) is not None:
            shown |= {"withdrawn_by": taken.by, "withdrawn_at": taken.at, "reason": taken.reason}
        words = {language: stands.said(entry, language) for language in LANGUAGES}
    if as_json:
        said = {language: {"question": asked, "answer": told} for language, (asked, told) in words.items()}
        json_line(shown | said)
        return
    for key, value in shown.items():
        typer.echo(f"{key}: {'' if value is None else value}")
    for language, (asked, told) in words.items():
        typer.echo(f"\n[{language}] {asked}\n\n{told}")


@commands.command()
def ask(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A question.")],
    *,
    language: In = "km",
    config: Config = BOT_TOML,
) -> None:
    """Print as JSON what a question finds in the files here, and whether it would be answered."""
    stands = standing.of_files(config)
    hits = search(stands.faq.index, text)
    found = []
    for hit in hits:
        if (entry := stands.faq.entries.get(hit.entry)) is not None:
            asked, told = stands.said(entry, language)
            confidence = round(hit.confidence, 3)
            found.append({"id": entry.id, "confidence": confidence, "question": asked, "answer": told})
    json_line({"decision": decide(hits, text), "hits": found})


@commands.command("eval")
def eval_(
    file: Annotated[
        Path, typer.Argument(metavar="FILE.tsv", help="Lines: question, tab, id or its qNN, or -.")
    ],
    *,
    config: Config = BOT_TOML,
) -> None:
    """Measure the search over the files here with questions whose answers are known.

    Ranks are of questions in scope. accepted: of these, answered and right. false_accepts: of those out of
    scope (-), answered all the same.
    """
    faq = standing.of_files(config).faq
    questions = _questions(file)
    known = {OUT_OF_SCOPE, *faq.entries, *(one.partition("-")[0] for one in faq.entries)}
    if strange := sorted({expected for _, expected in questions} - known):
        raise Refused(str(file), f"nothing answers {', '.join(strange)}", "write an entry's id, qNN or -")
    json_line(measured(faq, questions))


def measured(faq: Faq, questions: Sequence[tuple[str, str]]) -> Mapping[str, float | None]:
    """Top-1, top-3, mean reciprocal rank, accepted and false accepts of (question, expected id) pairs."""
    ranks, right, astray, outside = [], 0, 0, 0
    for text, expected in questions:
        hits = search(faq.index, text, most=len(faq.entries) or 1)
        answered = decide(hits[:3], text) == "answer"
        if expected == OUT_OF_SCOPE:
            outside, astray = outside + 1, astray + answered
            continue
        rank = next((at for at, hit in enumerate(hits, 1) if _meant(hit.entry, expected)), 0)
        ranks.append(rank)
        right += answered and rank == 1
    return {
        "n": len(questions),
        "top1": _share(sum(rank == 1 for rank in ranks), len(ranks)),
        "top3": _share(sum(1 <= rank <= 3 for rank in ranks), len(ranks)),
        "mrr": _share(sum(1 / rank for rank in ranks if rank), len(ranks)),
        "accepted": _share(right, len(ranks)),
        "false_accepts": _share(astray, outside),
    }


def _share(part: float, whole: int) -> float | None:
    """None: there were none to measure with."""
    return round(part / whole, 4) if whole else None


def _meant(found: str, expected: str) -> bool:
    return found == expected or found.startswith(f"{expected}-")


def _questions(file: Path) -> list[tuple[str, str]]:
    """Question and id of every line; further columns and lines with a # in front are notes.

    Raises Refused.
    """
    try:
        lines = file.read_text("utf-8-sig").splitlines()
    except UnicodeDecodeError as broken:
        raise Refused(str(file), "it is not text in UTF-8", "save it as UTF-8") from broken
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        text, tab, rest = line.partition("\t")
        expected = rest.partition("\t")[0].strip()
        if not tab or not expected:
            cure = "write the question, a tab, and the entry's id or -"
            raise Refused(f"{file}, line {number}", "it has no id", cure)
        questions.append((text, expected))
    return questions


def _cells(stands: standing.Standing, entry: Entry) -> tuple[object, ...]:
    by = entry.reviewed_by
    reviewed = f"{by.name}, {by.office}, {by.on}" if by else None
    until = stands.faq.until(entry)
    return (entry.id, entry.topic, entry.kind, stands.state(entry), until, reviewed, entry.confidence)


def _counts(judged: Judged | None) -> tuple[int, int, int]:
    return (judged.shown, judged.helped, judged.not_helped) if judged else (0, 0, 0)
