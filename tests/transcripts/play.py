"""`python -m tests.transcripts.play [--write] FILE…`: whether transcripts tell the truth, or write it down.

Never judges: whoever writes it down reads it.
"""

import argparse
import logging
import sys
from pathlib import Path

import structlog

from tests.transcripts import script
from tests.transcripts.player import play
from tests.transcripts.stage import CAPABILITIES


def main() -> int:
    """Exit code 1 when an action was impossible or, without --write, when a file tells something else."""
    asked = argparse.ArgumentParser(prog="python -m tests.transcripts.play", description=__doc__)
    asked.add_argument("--write", action="store_true", help="write into the files what the bot says")
    asked.add_argument("files", nargs="+", type=Path)
    arguments = asked.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    return 1 if [path for path in arguments.files if not told_well(path, write=arguments.write)] else 0


def channel_of(path: Path) -> str:
    """Telegram; in a folder that is called after another channel, that one."""
    return path.parent.name if path.parent.name in CAPABILITIES else "telegram"


def told_well(path: Path, *, write: bool) -> bool:
    """Whether the file can be played and tells (from now on, with `write`) what the bot says."""
    read = script.read(path)
    played = play(read, channel_of(path))
    if played.stopped:
        sys.stderr.write(f"{path}: {played.stopped}\n")
    text = script.write(read, played.followed, played.end)
    if write:
        path.write_text(text, encoding="utf-8")
    elif text != path.read_text(encoding="utf-8"):
        sys.stderr.write(f"{path}: the bot says something else now\n")
        return False
    return not played.stopped


if __name__ == "__main__":
    sys.exit(main())
