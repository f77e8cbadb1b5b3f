"""A person with a danger case: whoever may not see that one reads nothing they answered, by any case."""

import json
from pathlib import Path

from tests.cli.command import Spean


def test_answers_are_hidden_with_the_danger_case_not_by_the_case_they_belong_to(
    spean: Spean, house: Path
) -> None:
    data = house / "var"
    talk = ("chat", "--json", "--data", data, "--language", "en")
    assert spean(*talk, "--dialog", "talk", typed="/tap 2\n").status == 0
    assert spean("staff", "add", "dara", "--centre", "pursat").status == 0
    (case,) = [json.loads(line) for line in spean("case", "list", "--as", "dara", "--json").lines]

    def answers() -> object:
        return json.loads(spean("case", "show", case["number"], "--as", "dara", "--json").out)["answers"]

    assert answers()
    assert spean(*talk, typed="/danger\n").status == 0
    assert answers() == []
