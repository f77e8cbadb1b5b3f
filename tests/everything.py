"""Every test, in order, on two cores: `python -m tests.everything [--long]`, what `make test` runs.

Never stops at a failure: it runs all steps and says at the end which failed.
"""

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
BIN = Path(sys.executable).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("chromium", "fonts-khmeros")


def tool(name: str, *arguments: str) -> list[str]:
    """A command of this virtual environment."""
    return [str(BIN / name), *arguments]


def steps() -> Iterator[tuple[str, list[str]]]:
    """The checks that come before the tests."""
    yield "format", tool("ruff", "format", "--check", ".")
    yield "lint", tool("ruff", "check", ".")
    yield "types", tool("mypy")
    yield "floors", tool("lint-imports")
    yield "scripts", tool("spean", "check")


def have_browser() -> bool:
    """Whether a Chromium is there, after installing Debian's when that is missing and we may."""
    if any(shutil.which(name) for name in BROWSERS):
        return True
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        return False
    say("browser: installing Debian's chromium")
    call(["apt-get", "update", "--quiet=2"])
    call(["apt-get", "install", "--yes", "--quiet=2", "--no-install-recommends", *PACKAGES])
    return any(shutil.which(name) for name in BROWSERS)


def pytest(*, long: bool, browser: bool) -> list[str]:
    """The command of the tests; two workers, because the machine to expect has two cores."""
    left_out = [name for name, left in (("browser", not browser), ("long", not long)) if left]
    marks = " and ".join(f"not {name}" for name in left_out)
    return tool("pytest", "--numprocesses=2", "--dist=worksteal", *(("-m", marks) if marks else ()))


def call(command: Sequence[str]) -> bool:
    """Run a command with its output shown; whether it went well."""
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, cwd=ROOT, env=env, check=False).returncode == 0  # noqa: S603 (our own words)


def run(name: str, command: Sequence[str]) -> bool:
    """Run one step and print how long it took."""
    began = time.monotonic()
    good = call(command)
    say(f"{name}: {'good' if good else 'FAILED'} ({time.monotonic() - began:.1f} s)")
    return good


def say(line: str) -> None:
    """Print at once, so that the order of our lines and the tools' is kept."""
    sys.stdout.write(f"=== {line}\n")
    sys.stdout.flush()


def main(arguments: Sequence[str]) -> int:
    """Run everything; the exit status is 1 when anything failed."""
    failed = [name for name, command in steps() if not run(name, command)]
    browser = have_browser()
    if not browser:
        say("browser tests SKIPPED: there is no Chromium, and it may not be installed from here")
    if failed:
        say(f"FAILED before the tests: {', '.join(failed)}")
    # pytest goes last: its own summary is the last line.
    passed = call(pytest(long="--long" in arguments, browser=browser))
    return 0 if passed and not failed else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
