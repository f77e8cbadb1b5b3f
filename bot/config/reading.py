"""Reads `bot.toml` and the environment into Settings, or names every problem at once with its cure.

Never reads a script or the store.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import EnvSettingsSource
from pydantic_settings.exceptions import SettingsError

from bot.config.settings import PREFIX, TELEGRAM, CentreSection, MessengerSection, Section, Settings
from bot.core import duration

SHORTEST = timedelta(hours=1)
LONGER = (  # each pair: what may not outlast what
    ("words", "closed_cases"),
    ("unfinished", "closed_cases"),
    ("unconsented_words", "words"),
    ("raw_updates", "closed_cases"),
)
MESSENGER_NEEDS = ("page_id", "page_token", "app_secret", "verify_token")
_TRUE = frozenset({"true", "1", "yes", "on", "t", "y"})  # what pydantic takes for true


@dataclass(frozen=True, slots=True)
class Problem:
    """One fault of the settings. `where` is a line of the file or a variable of the environment."""

    where: str
    what: str
    cure: str


class BadSettings(Exception):  # noqa: N818 (read as a sentence: raise BadSettings)
    """The settings cannot be used; `problems` names every reason."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(f"{problem.where}: {problem.what}" for problem in problems))
        self.problems = problems


def load(path: Path, env: Mapping[str, str]) -> Settings:
    """The settings of a file, overridden by the environment. Raises BadSettings with every problem."""
    problems: list[Problem] = []
    text, written = _read(path, problems)
    given = _environment(env, problems)
    merged = _merged(written, given)

    def where(*at: str | int) -> str:
        return _where(path, text, env, at)

    problems.extend(_take_files(merged, where))
    settings = None
    try:
        settings = Settings.model_validate(merged)
    except ValidationError as error:
        problems.extend(
            _problem(fault["type"], fault["msg"], fault["loc"], where) for fault in error.errors()
        )
    problems.extend(_needs(merged, where))
    problems.extend(_too_short(settings, where))
    if problems or settings is None:
        raise BadSettings(tuple(problems))
    return settings


def _read(path: Path, problems: list[Problem]) -> tuple[str, dict[str, Any]]:
    try:
        text = path.read_text("utf-8")
        return text, tomllib.loads(text)
    except FileNotFoundError:
        cure = "start Spean in the folder that holds bot.toml, or name the file with --config FILE"
        problems.append(Problem(str(path), "there is no such file", cure))
    except UnicodeDecodeError as error:
        problems.append(Problem(str(path), f"byte {error.start} is not UTF-8", "save the file as UTF-8 text"))
    except OSError as error:
        problems.append(
            Problem(str(path), f"it cannot be read ({error.strerror})", "let Spean's user read it")
        )
    except tomllib.TOMLDecodeError as error:
        cure = "mend that line: keys are written `key = value`, and words stand in double quotes"
        problems.append(Problem(str(path), f"it is not TOML: {error}", cure))
    return "", {}


class _Environment(EnvSettingsSource):
    """The source of pydantic-settings over a given environment instead of the process's."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._given = env
        super().__init__(Settings)

    def _load_env_vars(self) -> Mapping[str, str | None]:
        return {name.lower(): value for name, value in self._given.items()}


def _environment(env: Mapping[str, str], problems: list[Problem]) -> dict[str, Any]:
    sections = [section.upper() for section in Settings.model_fields]
    for name in sorted(name for name in env if name.upper().startswith(PREFIX)):
        section = name.upper().removeprefix(PREFIX).partition("__")[0]
        if section not in sections:
            problems.append(
                Problem(name, "unknown section", _meant(section, sections, "remove the variable"))
            )
    try:
        return _Environment(env)()
    except SettingsError as error:
        cure = f"write it as {PREFIX}SECTION__KEY=value, or as JSON"
        problems.append(Problem("environment", str(error), cure))
        return {}


def _merged(written: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, Any]:
    merged = {name: dict(value) if isinstance(value, dict) else value for name, value in written.items()}
    for name, value in given.items():
        below = merged.get(name)
        merged[name] = {**below, **value} if isinstance(below, dict) and isinstance(value, dict) else value
    return merged


def _sections() -> Iterator[tuple[str, type[Section]]]:
    for name, field in Settings.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, Section):
            yield name, kind


def _take_files(merged: dict[str, Any], where: Callable[..., str]) -> Iterator[Problem]:
    """Replaces every `<key>_file` of a secret by what the file says."""
    for name, kind in _sections():
        section = merged.get(name)
        if not isinstance(section, dict):
            continue
        for key in sorted(kind.from_file):
            file = section.pop(f"{key}_file", None)
            if file is None:
                continue
            at = where(name, f"{key}_file")
            if key in section:
                yield Problem(at, f"{key} is given too", f"keep one of {key} and {key}_file")
                continue
            try:
                section[key] = Path(str(file)).read_text("utf-8").strip()
            except (OSError, UnicodeDecodeError) as error:
                section[key] = None
                cure = f"put the secret alone into {file}, and let Spean's user read it"
                yield Problem(at, f"{file} cannot be read ({type(error).__name__})", cure)


def _where(path: Path, text: str, env: Mapping[str, str], at: tuple[str | int, ...]) -> str:
    """The variable or the line that gives the value at `section, key` or `section, index, key`."""
    section, *rest = at
    index = rest.pop(0) if rest and isinstance(rest[0], int) else 0
    key = str(rest[0]) if rest else ""
    variables = {name.upper(): name for name in env}
    for name in (key, f"{key}_file"):
        variable = variables.get(
            f"{PREFIX}{section}__{name}".upper() if key else f"{PREFIX}{section}".upper()
        )
        if variable:
            return variable
    line = _line(text, str(section), key, int(index)) or _line(text, str(section), f"{key}_file", int(index))
    shown = f"[{section}] {key}".strip()
    return f"{path}, line {line}: {shown}" if line else f"{path}: {shown}"


def _problem(kind: str, message: str, at: tuple[str | int, ...], where: Callable[..., str]) -> Problem:
    """Our words for one fault that pydantic found."""
    keys = [part for part in at if isinstance(part, str)]
    model = _section_of(keys[0])
    if kind == "extra_forbidden":
        known = list(model.model_fields) + sorted(f"{key}_file" for key in model.from_file) if model else []
        names = list(Settings.model_fields) if len(keys) == 1 else known
        what = "unknown section" if len(keys) == 1 else "unknown key"
        return Problem(where(*at), what, _meant(keys[-1], names, "remove it"))
    if len(keys) == 1 or model is None:
        shown = f"[[{keys[0]}]]" if keys[0] == "centre" else f"[{keys[0]}]"
        return Problem(where(*at), "it is not a table", f"write {shown} and the keys below it")
    field = model.model_fields[keys[1]]
    what = "it is missing" if kind == "missing" else message.removeprefix("Value error, ").removesuffix(".")
    return Problem(where(*at), what[0].lower() + what[1:], f"write {field.description}")


def _section_of(name: str) -> type[Section] | None:
    return CentreSection if name == "centre" else dict(_sections()).get(name)


def _needs(merged: Mapping[str, Any], where: Callable[..., str]) -> Iterator[Problem]:
    """What one setting asks of another; looks at raw values, so that it adds to the other problems."""
    if (telegram := _enabled(merged, "telegram")) is not None:
        yield from _telegram_needs(telegram, merged, where)
    if (messenger := _enabled(merged, "messenger")) is not None:
        yield from _messenger_needs(messenger, where)


def _enabled(merged: Mapping[str, Any], section: str) -> Mapping[str, Any] | None:
    found = merged.get(section)
    on = isinstance(found, dict) and str(found.get("enabled")).lower() in _TRUE
    return found if on else None


def _telegram_needs(
    telegram: Mapping[str, Any], merged: Mapping[str, Any], where: Callable[..., str]
) -> Iterator[Problem]:
    if "token" not in telegram:
        cure = "set token, or token_file, or SPEAN_TELEGRAM__TOKEN, or write enabled = false"
        yield Problem(where("telegram", "token"), "Telegram is enabled without a token", cure)
    if telegram.get("mode") != "webhook":
        return
    if "webhook_secret" not in telegram:
        cure = "set webhook_secret, or webhook_secret_file, or SPEAN_TELEGRAM__WEBHOOK_SECRET"
        yield Problem(where("telegram", "webhook_secret"), "a webhook needs a secret", cure)
    web = merged.get("web")
    public = str(web.get("public_url", "")) if isinstance(web, dict) else ""
    if telegram.get("api_base", TELEGRAM) == TELEGRAM and not public.startswith("https://"):
        cure = 'set public_url to the https address of this server, or write mode = "polling"'
        yield Problem(where("web", "public_url"), "Telegram calls webhooks at an https address only", cure)


def _messenger_needs(messenger: Mapping[str, Any], where: Callable[..., str]) -> Iterator[Problem]:
    for key in MESSENGER_NEEDS:
        if key in messenger and (key != "page_id" or messenger[key] != ""):  # an empty secret is told already
            continue
        from_file = f", or {key}_file" if key in MessengerSection.from_file else ""
        cure = f"set {key}{from_file}, or SPEAN_MESSENGER__{key.upper()}, or write enabled = false"
        what = f"Messenger is enabled without its {key.replace('_', ' ')}"
        yield Problem(where("messenger", key), what, cure)


def _too_short(settings: Settings | None, where: Callable[..., str]) -> Iterator[Problem]:
    """Lengths of `[privacy]` that contradict each other, or leave no time for the work they belong to."""
    if settings is None:
        return
    kept = settings.privacy
    for name in type(kept).model_fields:
        if getattr(kept, name) < SHORTEST:
            yield Problem(where("privacy", name), "shorter than an hour", 'write a length such as "24h"')
    for shorter, longer in LONGER:
        least = getattr(kept, shorter)
        if getattr(kept, longer) < least:
            cure = f'write {longer} = "{duration.show(least)}" or longer, or a shorter {shorter}'
            yield Problem(where("privacy", longer), f"shorter than {shorter}", cure)


def _line(text: str, section: str, key: str, index: int = 0) -> int:
    """The line that sets the key (in the `index`-th table of that name), or 0."""
    here, seen = "", -1
    for number, line in enumerate(text.splitlines(), 1):
        bare = line.strip()
        if bare.startswith("["):
            here = bare.split("#")[0].strip().strip("[]").strip()
            seen += here == section
            if key in ("", here) and here == section and seen == index:
                return number
        name, equals, _ = bare.partition("=")
        if equals and here == section and max(seen, 0) == index and name.strip().strip("\"'") == key:
            return number
    return 0


def _meant(word: str, known: list[str], otherwise: str) -> str:
    close = get_close_matches(word, known, n=1)
    return f"did you mean {close[0]}?" if close else f"{otherwise}; Spean knows {', '.join(known)}"
