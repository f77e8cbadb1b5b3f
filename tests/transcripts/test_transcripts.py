"""Every transcript, replayed as Telegram shows it, and by the same steps on the channels we own."""

from pathlib import Path

import pytest

from tests.transcripts import script
from tests.transcripts.play import channel_of
from tests.transcripts.player import play

FILES = sorted(Path(__file__).parent.glob("*.txt"))
ELSEWHERE = sorted(Path(__file__).parent.glob("*/*.txt"))  # as other channels show it


@pytest.mark.parametrize("path", [*FILES, *ELSEWHERE], ids=lambda path: f"{channel_of(path)}-{path.stem}")
def test_the_bot_says_what_the_transcript_says(path: Path) -> None:
    read = script.read(path)
    played = play(read, channel_of(path))
    assert not played.stopped
    assert script.write(read, played.followed, played.end) == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("channel", ["messenger", "webchat", "terminal"])
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_same_steps_leave_the_same_answers(path: Path, channel: str) -> None:
    played = play(script.read(path), channel)
    assert not played.stopped
    end = [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("=")]
    assert played.end == end
