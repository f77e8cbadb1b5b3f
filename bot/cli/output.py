"""How commands speak: JSON lines, tables, questions; plain text whenever nobody watches a terminal.

Never prints anything but JSON on standard output when JSON was asked for.
"""

import json
import sys
from collections.abc import Iterable, Sequence

import typer
from rich.console import Console
from rich.table import Table


def json_line(value: object) -> None:
    """One JSON document on one line, Khmer as Khmer."""
    typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, as_json: bool) -> None:
    """Rows under their columns: JSON one object a line, a drawn table on a terminal, else tab-separated."""
    if as_json:
        for row in rows:
            json_line(dict(zip(columns, row, strict=True)))
        return
    cells = [["" if cell is None else str(cell) for cell in row] for row in rows]
    if not sys.stdout.isatty():
        for line in [list(columns), *cells]:
            typer.echo("\t".join(" ".join(cell.split()) for cell in line))
        return
    drawn = Table(*columns)
    for line in cells:
        drawn.add_row(*line)
    Console().print(drawn)


def say(text: str) -> None:
    """A line for people, kept off standard output so that pipes carry only results."""
    typer.echo(text, err=True)


def counted(number: int, one: str, more: str) -> str:
    """`1 person`, `2 people`."""
    return f"{number} {one if number == 1 else more}"


def agreed(question: str, *, yes: bool) -> bool:
    """Whether the person at the keyboard agrees; nobody at the keyboard means no."""
    if yes:
        return True
    if not sys.stdin.isatty():
        say(f"{question} Nobody is here to ask: run it again with --yes.")
        return False
    return typer.confirm(question, err=True)
