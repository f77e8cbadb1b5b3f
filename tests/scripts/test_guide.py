"""docs/scripts.md is true: its dialog compiles, its tables name every key and nothing is left out."""

import re
from pathlib import Path

from pydantic import BaseModel

from bot import script_forms
from bot.core.check_nodes import SOURCES
from bot.core.dialog import END
from bot.script_build import ACTIONS
from bot.script_files import parse_files
from tests.scripts import sample

GUIDE = (Path(__file__).parents[2] / "docs/scripts.md").read_text(encoding="utf-8")


def forms() -> list[type[BaseModel]]:
    found = [form for form in vars(script_forms).values() if isinstance(form, type)]
    return [form for form in found if issubclass(form, script_forms.Form)]


def test_the_dialog_of_the_guide_is_without_fault() -> None:
    blocks = re.findall(r"<!-- tested: (\S+) -->\n```toml\n(.*?)```", GUIDE, re.DOTALL)
    assert blocks
    for file, text in blocks:
        routes = sample.ROUTES + '\n[[route]]\ndialog = "thanks"\nrank = "open"\n'
        texts = {**sample.SCRIPTS, file: text, "dialogs/routes.toml": routes}
        assert sample.faults(sample.files_of(texts)) == []


def test_the_messages_of_the_guide_are_those_of_its_dialog() -> None:
    text = re.findall(r"```toml\n(.*?)```", GUIDE, re.DOTALL)[0]
    dialog = parse_files({"dialogs/thanks.toml": text.encode()}).dialogs["thanks"]
    assert dialog.nodes["glad"].next == END
    said = set(re.findall(r"`(thanks\.[a-z.]+)`", GUIDE)) - {"thanks.po"}
    wanted = {file for file in sample.words_for({"dialogs/thanks.toml": text}) if "thanks" in file}
    assert len(wanted) == 2
    assert said == set(sample.ids_of({"dialogs/thanks.toml": text}, "thanks"))


def test_the_guide_names_every_key() -> None:
    keys = {key for form in forms() for key in form.model_fields}
    told = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`[^`]*`|\[\[?[a-z]+\]\]?", GUIDE))))
    assert keys - told == set()


def test_the_guide_names_every_kind_action_and_source() -> None:
    words = set(re.findall(r"[a-z-]+", GUIDE))
    for action in ACTIONS:
        assert set(action.split()) <= words
    for source in SOURCES:
        assert f"`{source}`" in GUIDE
    kinds = {
        form.model_fields["kind"].annotation.__args__[0] for form in forms() if "kind" in form.model_fields
    }
    assert len(kinds) == 19
    assert all(f"| `{kind}` |" in GUIDE for kind in kinds)
