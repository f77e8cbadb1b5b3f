"""What staff who edit the safety lists are told by `spean check`."""

import re

import pytest

from bot import scripts
from tests.engine.shipped import release
from tests.safety.lists import ROOT
from tests.scripts import sample

LISTS = """\
[words.me]
khmer = ["ខ្ញុំ"]

[[danger]]
theme = "beaten"
khmer = ["វាយ <me>"]

[[innocent]]
theme = "typing"
khmer = ["វាយ - អក្សរ"]

[examples]
danger = ["គេវាយខ្ញុំ"]
none = ["រៀនវាយអក្សរ"]
"""
RANKS = "".join(f'\n[[route]]\ndialog = "talk"\nrank = "{rank}"\n' for rank in ("danger", "need", "death"))


def findings(lists: str, routes: str = RANKS) -> list[scripts.Finding]:
    texts = {
        **sample.SCRIPTS,
        "dialogs/safety.toml": lists,
        "dialogs/routes.toml": sample.ROUTES + routes,
    }
    return [one for one in scripts.check(sample.files_of(texts)) if one.severity == "error"]


def test_good_lists_have_no_fault() -> None:
    assert findings(LISTS) == []


@pytest.mark.parametrize(
    ("old", "new", "fault", "node"),
    [
        ('"វាយ <me>"', '"វាយ +"', "safety-phrase", "beaten"),
        ('"វាយ <me>"', '"hit me"', "safety-missed", "examples"),
        ('"វាយ <me>"', '"វាយ <mine>"', "safety-group", "beaten"),
        ('"រៀនវាយអក្សរ"', '"គេមិនវាយខ្ញុំ"', "safety-false-alarm", "examples"),
        ("danger = [", "death = [", "safety-false-alarm", "examples"),
        ('theme = "typing"', 'theme = "typing"\nlatin = ["x"]', "unknown-key", "typing"),
        ("khmer", "Khmer", "unknown-key", ""),
    ],
)
def test_a_broken_list_is_found_where_it_is_broken(old: str, new: str, fault: str, node: str) -> None:
    assert old in LISTS
    found = [one for one in findings(LISTS.replace(old, new, 1)) if one.problem == f"check.{fault}"]
    assert found
    assert found[0].file == "dialogs/safety.toml"
    if node:
        assert found[0].node == node


def test_words_that_open_no_dialog_are_found() -> None:
    (found,) = findings(LISTS, RANKS.replace('rank = "death"', 'rank = "open"'))
    assert (found.file, found.problem, found.args["kind"]) == (
        "dialogs/routes.toml",
        "check.safety-route",
        "death",
    )


def test_a_finding_names_the_phrase_to_blame() -> None:
    (found,) = findings(LISTS.replace("រៀនវាយអក្សរ", "គេមិនវាយខ្ញុំ"))
    words = release().words
    for language in ("km", "en"):
        where, problem, cure = scripts.explain(found, words, language)
        assert where == "dialogs/safety.toml › examples › none"
        assert "គេមិនវាយខ្ញុំ" in problem
        assert "វាយ <me>" in cure


def test_the_lists_of_the_guide_are_without_fault() -> None:
    guide = (ROOT / "docs/scripts.md").read_text(encoding="utf-8")
    (lists,) = re.findall(r"<!-- safety lists -->\n```toml\n(.*?)```", guide, re.DOTALL)
    assert findings(lists) == []
