"""The buttons that a person sees in their chat, and the one that a transcript's words mean.

Never presses anything (`player` does).
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.core.channel import Part, PartButton
from bot.core.controls import PAGE


class NoSuchButtonError(Exception):
    """No message shows it."""


@dataclass(slots=True)
class Keyboards:
    """Messages with buttons by their ids, the latest last.

    `labels`: every label by its message id. `last`: of all messages.
    """

    labels: Mapping[str, tuple[str, ...]]
    shown: list[tuple[str, Part]] = field(default_factory=list)
    last: str = ""

    def show(self, message: str, part: Part) -> None:
        """One more message, or the same one redrawn."""
        self.last = message
        if part.buttons:
            self.shown = [known for known in self.shown if known[0] != message]
            self.shown.append((message, part))

    def clear(self) -> None:
        """The chat is empty."""
        self.shown = []

    def press(self, label: str, *, older: bool) -> tuple[str, str] | None:
        """Payload and message of the button on the latest message, or on one before it.

        None for a quick reply: it vanished when the next message came. Raises NoSuchButtonError.
        """
        among = self.shown[:-1] if older else self.shown[-1:]
        vanished = False
        for message, part in reversed(among):
            if (found := self._named(part, label)) is not None:
                if not part.quick or message == self.last or found in part.buttons[: part.staying]:
                    return found.payload, message
                vanished = True
        if vanished:
            return None
        offered = [one.label for _, part in among[-1:] for one in part.buttons]
        raise NoSuchButtonError(f"no button «{label}» among {offered}")

    def pages(self, label: str) -> Iterator[tuple[str, str]]:
        """What turns the pages of the latest list, one after the other, until the label stands on one."""
        turned: set[str] = set()
        while self.shown and self._named(self.shown[-1][1], label) is None:
            message, part = self.shown[-1]
            pages = (one.payload for one in part.buttons if PAGE in one.payload)
            if (to := next((one for one in pages if one not in turned), None)) is None:
                return
            turned.add(to)
            yield to, message

    def _named(self, part: Part, label: str) -> PartButton | None:
        """The button of this label: in full, in short, or by its number in the text."""
        numbered = re.search(rf"^([0-9០-៩]+)\. (✓ )?{re.escape(label)}$", part.text, re.MULTILINE)
        ways = {label, *self._shorts(label), *([numbered[1]] if numbered else [])}
        pressable = (one for one in part.buttons if not one.url)
        return next((one for one in pressable if {one.label, one.label.removeprefix("✓ ")} & ways), None)

    def _shorts(self, label: str) -> Iterator[str]:
        """What else it is called where buttons are narrow."""
        for known in (one for one, texts in self.labels.items() if label in texts):
            yield from self.labels.get(f"{known}.short", ())
