"""The documents tell the truth: their commands run, their tables are the code's."""

import re
import shlex
import tomllib
from pathlib import Path

import pytest
import tomlkit

from bot.activity_columns import COLUMNS
from bot.channels.messenger.capabilities import WEBHOOK_FIELDS
from bot.config import Settings, load, shown
from tests.cli.command import Spean

ROOT = Path(__file__).parents[2]
OPERATORS = (ROOT / "docs" / "operators.md").read_text("utf-8")


TESTED = sorted(
    page.name for page in (ROOT / "docs").glob("*.md") if "\n<!-- tested -->\n" in page.read_text("utf-8")
)


def marked_commands(page: str) -> list[str]:
    text = (ROOT / "docs" / page).read_text("utf-8")
    blocks = re.findall(r"<!-- tested -->\n```console\n(.*?)```", text, re.DOTALL)
    return [
        line.removeprefix("$ ") for block in blocks for line in block.splitlines() if line.startswith("$ ")
    ]


@pytest.mark.parametrize("page", TESTED)
def test_the_commands_of_a_page_work_in_their_order(spean: Spean, page: str) -> None:
    commands = marked_commands(page)
    assert len(commands) > 8
    for command in commands:
        before, _, words = command.rpartition("spean ")
        typed = shlex.split(before.removesuffix(" | "))[1] if before else ""  # printf 'lines' | spean …
        ran = spean(*shlex.split(words), typed=typed.replace("\\n", "\n"))
        assert ran.status == 0, f"{command}\n{ran.out}\n{ran.err}"


def test_every_column_of_an_import_is_told() -> None:
    page = (ROOT / "docs" / "activities.md").read_text("utf-8")
    table = page.partition("| column | holds |")[2].partition("\n\n")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == COLUMNS


def test_every_setting_is_in_the_operators_table_with_its_default() -> None:
    settings = Settings.model_validate({})
    for section in ("bot", "storage", "web", "telegram", "messenger", "privacy", "broadcast"):
        defaults = shown(settings)[section]
        for key, about in type(getattr(settings, section)).model_fields.items():
            default = f"`{tomlkit.item(defaults[key]).as_string()}`" if key in defaults else ""
            assert f"| `[{section}]` | `{key}` | {default} | {about.description} |" in OPERATORS


def test_what_the_operators_copy_for_a_page_is_accepted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (written,) = re.findall(r"```toml\n(\[messenger\].*?)```", OPERATORS, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    Path("var").mkdir()
    for name in re.findall(r'"(var/.*?)"', written):
        Path(name).write_text("0123456789abcdef0123456789abcdef\n", "utf-8")
    Path("bot.toml").write_text(written, "utf-8")
    assert load(Path("bot.toml"), {}).messenger.enabled


def test_the_operators_are_told_every_field_of_a_webhook() -> None:
    listed = OPERATORS.partition("Subscribe the Page to")[2].partition(".")[0]
    assert tuple(re.findall(r"`(\w+)`", listed)) == WEBHOOK_FIELDS


@pytest.mark.parametrize(
    ("heading", "groups"), [("## What runs", ("project",)), ("## What tests and builds", ("dev", "bench"))]
)
def test_every_dependency_has_its_reason(heading: str, groups: tuple[str, ...]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    declared = {"project": project["project"]["dependencies"], **project["dependency-groups"]}
    names = {re.match(r"[\w-]+", one)[0] for group in groups for one in declared[group]}  # type: ignore[index]
    page = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    table = page.partition(heading)[2].partition("\n## ")[0]
    listed = re.findall(r"^\| ([\w-]+) \| [^|]+ \| [^|]{10,} \|$", table, re.MULTILINE)
    assert sorted(listed) == sorted(names)
