"""Findings of scripts and words, shown to whoever must mend them.

Never finds anything itself.
"""

from pathlib import Path

import typer

from bot import scripts
from bot.catalogues import file_of
from bot.cli.output import json_line
from bot.core.contact import LANGUAGES, Language
from bot.core.finding import Finding
from bot.i18n import Words

OURS = Path(scripts.__file__).parents[1]  # where this program and its own words stand


def show(findings: tuple[Finding, ...], words: Words, language: Language, *, as_json: bool) -> None:
    """Print every Finding: where, what is wrong, what to do."""
    for finding in findings:
        where, problem, cure = scripts.explain(finding, words, language)
        if as_json:
            places = {"file": finding.file, "node": finding.node, "key": finding.key}
            told = {"id": finding.problem, "problem": problem, "cure": cure}
            json_line({**places, "severity": finding.severity, **told})
        else:
            typer.echo(f"{finding.severity}: {where} · {problem} · {cure}")


def words_for(files: scripts.Files) -> Words:
    """The words that explain Findings: the files' own, else those where we stand, else those we came with."""
    own = {file_of("check", language) for language in LANGUAGES}
    known: dict[str, bytes] = {}
    for folder in (OURS, Path()):
        known |= {name: (folder / name).read_bytes() for name in own if (folder / name).is_file()}
    return scripts.words_of({**known, **files})
