"""The voice of a message: its recordings before the words for whoever listens, else a button to hear them.

Never reads a sound, and never speaks what the words no longer say.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import NamedTuple

from bot.core.channel import Capabilities, Document, Label, Part, Rendered
from bot.core.contact import Language
from bot.core.fitting import fit
from bot.core.message import Line
from bot.core.speech import MIME, TAP, Recording, kilobytes
from bot.runner.render import Voice
from bot.scripts import Release


class Sound(NamedTuple):
    """A recording and the Release that holds it."""

    release: str
    recording: Recording


def sounds(messages: Iterable[str], release: Release, live: Release, language: Language) -> tuple[Sound, ...]:
    """The recordings of these messages, each once; of the Release whose words are said (see `Voice.say`)."""
    found: dict[str, Sound] = {}
    for one in messages:
        source = release if release.words.has(one, language) else live
        recording = source.voices.get(language, {}).get(one)
        if recording is not None:
            found.setdefault(one, Sound(source.digest, recording))
    return tuple(found.values())


def told(
    message: Rendered, heard: tuple[Sound, ...], said: Voice, capabilities: Capabilities, *, first: bool
) -> tuple[Part, ...]:
    """A message in words with its voice. `first`: the recordings go before the words."""
    if not heard or not capabilities.documents:
        return fit(message, capabilities)
    if first:
        return (*as_parts(heard), *fit(message, capabilities))
    return fit(replace(message, listen=_button(heard, said, capabilities)), capabilities)


def as_parts(heard: Iterable[Sound]) -> tuple[Part, ...]:
    """One part a recording, without words."""
    return tuple(
        Part("", document=Document(0, f"{one.id}.ogg", MIME, release, one.path, one.content))
        for release, one in heard
    )


def _button(heard: tuple[Sound, ...], said: Voice, capabilities: Capabilities) -> Label | None:
    """What asks to hear: when not all fit into its payload, the last ones, for the question stands last."""
    for start in range(len(heard)):
        asked = [one.recording for one in heard[start:]]
        payload = TAP + ",".join(one.id for one in asked)
        if len(payload) <= capabilities.payload_max_bytes:
            size = kilobytes(sum(one.size for one in asked))
            return Label(payload, said.say(Line("bot.listen", {"size": size})))
    return None
