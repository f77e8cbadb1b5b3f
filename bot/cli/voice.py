"""`spean voice`: the recordings of our sentences: which there are, which lack, and taking new ones in.

Never publishes: what it writes into the folder becomes live like any other change of the scripts.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot import scripts
from bot.cli.drafts import recorded
from bot.cli.options import BOT_TOML, Config, DryRun, Json, Yes
from bot.cli.output import agreed, counted, json_line, say, table
from bot.cli.refused import Complaint, Refused
from bot.cli.scripts import HERE, Folder
from bot.core.contact import LANGUAGES, Language
from bot.core.speech import LONGEST, BadManifest, id_of, is_opus, kilobytes, manifest_of, path_of
from bot.script_voices import Kept, Wanted, listed, missing, take, to_read
from bot.scripts import Files, Release

commands = typer.Typer(no_args_is_help=True, help="The recordings of our sentences.")

In = Annotated[Language | None, typer.Option("--language", help="Only this language.")]
Into = Annotated[Language, typer.Option("--language", help="The language that is spoken.")]
Where = Annotated[
    Path, typer.Option("--folder", metavar="DIR", help="The folder that holds dialogs/ and locales/.")
]
COLUMNS = ("id", "language", "dialog", "kb", "seconds", "state")


@dataclass(frozen=True, slots=True)
class Offered:
    """A sound that is to be taken in. `origin`: the file or draft that it is."""

    origin: str
    id: str | None
    data: bytes


@commands.command("list")
def list_(
    folder: Folder = HERE, *, language: In = None, config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """List recordings: how long, how large, and whether they speak the present words."""
    del config  # every command takes it; recordings stand in the folder of the scripts
    _table(folder, language, lambda _: True, as_json=as_json)


@commands.command()
def stale(
    folder: Folder = HERE, *, language: In = None, config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """List recordings that speak other words than the present ones, so that nobody hears them."""
    del config  # as above
    _table(folder, language, lambda one: one.state != "fresh", as_json=as_json)


@commands.command("missing")
def missing_(
    folder: Folder = HERE, *, language: Into = "km", config: Config = BOT_TOML, as_json: Json = False
) -> None:
    """List the sentences of safety, consent and intake that lack a voice, with the words to read aloud."""
    del config  # as above
    release, _ = _release(folder)
    wanted = list(missing(release, language))
    for one in wanted:
        if as_json:
            json_line(asdict(one))
        else:
            typer.echo(_readable(one))
    say(f"without a voice in {language}: {counted(len(wanted), 'sentence', 'sentences')}")


@commands.command("import")
def import_(  # noqa: PLR0913 - one per option
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH…", help="Files named ID.ogg, or folders of them.")
    ] = None,
    *,
    from_staff: Annotated[bool, typer.Option("--recorded", help="What staff recorded by chat.")] = False,
    language: Into = "km",
    folder: Where = HERE,
    yes: Yes = False,
    dry_run: DryRun = False,
    config: Config = BOT_TOML,
    as_json: Json = False,
) -> None:
    """Take recordings in, with the words that they speak now; then publish as usual. All of them or none."""
    if bool(paths) == from_staff:
        cure = "name files or folders, or write --recorded for what staff recorded by chat"
        raise Refused("PATH", "which recordings?", cure, status=2)
    release, files = _release(folder)
    offered = _from_staff(release, files, language, config) if from_staff else _from_files(paths or [])
    _prove(offered, release, language)
    sounds = {one.id: one.data for one in offered if one.id}
    over = _tell(sounds, files, language, as_json=as_json)
    if dry_run or not sounds:
        return
    if over and not agreed(f"Replace {over} recordings?", yes=yes):
        raise typer.Exit(1)
    try:
        take(release, files, language, sounds).write(folder)
    except BadManifest as bad:
        cure = "take that line out, and import its recording again"
        raise Refused(manifest_of(language), f"line {bad.line} cannot be read", cure) from bad
    say(f"{counted(len(sounds), 'recording', 'recordings')} taken in; next: spean script import {folder}")


def _prove(offered: list[Offered], release: Release, language: Language) -> None:
    """Tell every fault; with any, nothing is taken in."""
    faults = [fault for one in offered if (fault := _fault(one, release, language))]
    for fault in faults:
        say(f"{fault.where} · {fault.what} · {fault.cure}")
    if faults:
        raise typer.Exit(1)


def _tell(sounds: Mapping[str, bytes], files: Files, language: Language, *, as_json: bool) -> int:
    """Tell what will be written; how many of them stand in place of others."""
    over = 0
    for message_id, data in sounds.items():
        path = path_of(message_id, language)
        replaces = files.get(path, data) != data
        over += replaces
        if as_json:
            told = {"id": message_id, "language": language, "kb": kilobytes(len(data))}
            json_line({**told, "replaces": replaces})
        else:
            typer.echo(f"{'replace' if replaces else 'write'} {path}")
    return over


def _release(folder: Path) -> tuple[Release, Files]:
    """The scripts of a folder, proven or not: voices may be recorded while words are still missing."""
    if not (folder / "dialogs").is_dir():
        cure = "name the folder that holds dialogs/ and locales/"
        raise Refused(str(folder), "there is no folder dialogs/ in it", cure)
    files = scripts.read_files(folder)
    return scripts.reopen_release(files), files


def _table(folder: Path, language: Language | None, wanted: Callable[[Kept], bool], *, as_json: bool) -> None:
    release, files = _release(folder)
    found = [
        one
        for spoken in LANGUAGES
        if language in (None, spoken)
        for one in listed(release, files, spoken)
        if wanted(one)
    ]
    rows = [
        (one.id, one.language, one.dialog, kilobytes(one.size), round(one.seconds, 1), one.state)
        for one in found
    ]
    table(COLUMNS, rows, as_json=as_json)


def _readable(one: Wanted) -> str:
    words = one.words.replace("\n", "\n    ")
    return f"{one.id}\n    {words}\n"


def _from_files(paths: list[Path]) -> list[Offered]:
    found = [
        file for path in paths for file in (sorted(path.glob("*.ogg")) if path.is_dir() else [path])
    ]  # a file that is not there is told by its name (OSError)
    if not found:
        raise Refused(str(paths[0]), "there are no .ogg files in it", "name the folder of the recordings")
    return [Offered(str(file), id_of(file.name), file.read_bytes()) for file in found]


def _from_staff(release: Release, files: Files, language: Language, config: Path) -> list[Offered]:
    def is_new(one: Offered) -> bool:
        return one.id is not None and files.get(path_of(one.id, language)) != one.data

    taken = recorded(config, language, lambda message_id: to_read(release, message_id, language))
    return [new for one in taken if is_new(new := Offered(one.origin, one.id, one.data))]


def _fault(one: Offered, release: Release, language: Language) -> Complaint | None:
    if one.id is None or to_read(release, one.id, language) is None:
        what = "no sentence has this name"
        return Complaint(one.origin, what, "name it after its sentence: spean voice missing lists some")
    if not is_opus(one.data):
        return Complaint(one.origin, "it is not OGG/Opus", "save it as OGG with the Opus codec")
    if len(one.data) > LONGEST:
        return Complaint(one.origin, "it is larger than 1 MB", "say it shorter, or in mono at 24 kbit/s")
    return None
