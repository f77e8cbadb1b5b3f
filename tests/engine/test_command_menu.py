"""The commands that platforms show beside the field for writing: for people, each leads somewhere."""

import pytest

from bot.core import on_duty
from bot.core.contact import LANGUAGES
from bot.core.events import Command
from bot.process.platforms import COMMANDS
from tests.engine.fairs import keys, looking
from tests.engine.shipped import release


def test_fairs_are_among_them_and_nothing_of_staff_is() -> None:
    assert "fairs" in COMMANDS
    assert not {*on_duty.COMMANDS, on_duty.STAFF} & set(COMMANDS)
    assert {"a12", "a13"} <= set(keys(looking().happen(Command("fairs"))))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_is_said_in_every_language(language: str) -> None:
    said = [release().words.say(f"bot.command.{one}", language) for one in COMMANDS]  # type: ignore[arg-type]
    assert len(set(said)) == len(COMMANDS)
    assert all(said)
