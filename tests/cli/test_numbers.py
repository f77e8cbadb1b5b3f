"""A number that no store can hold is refused in words, by every command that takes one."""

from collections.abc import Iterator
from inspect import Signature, signature
from typing import get_args

import pytest
import typer
from typer.models import ArgumentInfo

from bot.cli.app import _app
from tests.cli.command import Spean

LONG = "9" * 23
PEOPLE = (
    ("contact", "show", LONG),
    ("contact", "export", LONG),
    ("contact", "erase", LONG, "--yes"),
    ("contact", "link", LONG),
    ("conversation", "show", LONG),
    ("case", "show", LONG),
    ("case", "take", LONG, "--as", "dara"),
)


def commands(family: typer.Typer, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Signature]]:
    """How each command is called, and what it takes."""
    for one in family.registered_commands:
        assert one.callback is not None
        name = one.name or one.callback.__name__.removesuffix("_")
        yield (*path, name), signature(one.callback, eval_str=True)
    for group in family.registered_groups:
        assert group.typer_instance is not None
        yield from commands(group.typer_instance, (*path, str(group.name)))


def taking() -> Iterator[tuple[str, ...]]:
    """What to type so that one number is too long, for each number that a command takes."""
    for path, takes in commands(_app([])):
        said = {name: get_args(one.annotation) for name, one in takes.parameters.items()}
        told = {name: (of, info) for name, (of, info, *_) in ((n, a) for n, a in said.items() if len(a) > 1)}
        words = [name for name, (_, info) in told.items() if isinstance(info, ArgumentInfo)]
        for name, (of, info) in told.items():
            if int not in {of, *get_args(of)}:
                continue
            typed = [LONG if one == name else "1" for one in words]
            option = () if isinstance(info, ArgumentInfo) else (f"--{name.replace('_', '-')}", LONG)
            yield (*path, *option, *typed)


@pytest.mark.parametrize("words", list(taking()), ids=" ".join)
def test_a_number_that_is_too_long_is_a_slip_of_the_hand(spean: Spean, words: tuple[str, ...]) -> None:
    ran = spean(*words)
    assert (ran.status, "less than or equal to" in ran.err) == (2, True), ran.err


@pytest.mark.parametrize("words", PEOPLE, ids=" ".join)
def test_nobody_and_nothing_has_a_number_that_is_too_long(
    spean: Spean, site: object, words: tuple[str, ...]
) -> None:
    assert site
    ran = spean(*words)
    assert ran.status == 1
    assert "there is no such" in ran.err
