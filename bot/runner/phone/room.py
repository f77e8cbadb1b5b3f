"""The room in which a member of staff works by phone: who they are, what they see, what they are asked.

Never does any of the work, and never writes to anybody but whoever is in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import orjson

from bot.core.channel import Label, Rendered
from bot.core.events import Body, Tap
from bot.core.fitting import fit
from bot.core.message import Line, PlaceName, Verbatim
from bot.core.on_duty import TAP
from bot.runner.broadcasting import Refusal
from bot.runner.notice import Desk, desk_of
from bot.runner.phone.looking import by_phone
from bot.runner.previewing import Preview
from bot.runner.render import Voice
from bot.runner.step import Step, voice
from storage import audit, doing
from storage.duty import Member
from storage.staff import Action, Scope, may, reach

Said = Line | Verbatim | PlaceName
Button = tuple[str, Said]  # what is tapped, less `s:`, and its label
LONGEST = 200  # letters of what staff type for a fair: a title, a venue


@dataclass(frozen=True, slots=True)
class Room:
    """`asked`: what their next words were for when they came in. `redraws`: the message that was tapped."""

    step: Step
    member: Member
    asked: str = ""
    redraws: str = ""

    @property
    def desk(self) -> Desk:
        """What work takes that reaches others."""
        return by_phone(desk_of(self.step.kit))

    @property
    def scope(self) -> Scope:
        """What they may see and do."""
        return self.member.scope

    def may(self, action: Action, centre: str | None) -> bool:
        """Whether they may do this to a thing of this centre; empty: of the whole installation."""
        return may(self.scope, action, centre)

    def centres(self, action: Action) -> tuple[str, ...]:
        """The centres where they may do this, in the order of the Book."""
        within = reach(self.scope, action, restricted=False)
        return tuple(one for one in self.step.live.book.centres if within is None or one in within)

    def everywhere(self, action: Action) -> bool:
        """Whether they may do this to whatever concerns the whole installation."""
        return reach(self.scope, action, restricted=False) is None

    def say(self, *lines: Line | Verbatim, buttons: Sequence[Button] = (), redraw: bool = False) -> None:
        """Show them something. `redraw`: in place of the message whose button they tapped, if that works."""
        words = self.voice
        said = "\n\n".join(text for line in lines if (text := words.say(line)))
        labels = tuple(Label(TAP + payload, words.say(label)) for payload, label in buttons)
        over = self.redraws if redraw else ""
        self.step.parts.extend(
            fit(Rendered(said, labels, replaces=over, sticky=True), self.step.capabilities)
        )

    @property
    def voice(self) -> Voice:
        """Our words in their language."""
        return voice(self.step, None)

    def ask(self, what: str, kept: object = None) -> None:
        """Take their next words for this. `kept`: what they said so far, as JSON can hold it."""
        asked = what if kept is None else f"{what} {orjson.dumps(kept).decode()}"
        doing.ask(self.step.conn, self.step.contact.id, asked, self.step.now)

    def preview(self) -> Preview | Refusal:
        """What was counted for the button they tapped."""
        looked = self.step.looked
        return looked if isinstance(looked, Preview | Refusal) else Refusal.STATE

    def note(self, action: str, what: str) -> None:
        """Write a line of the audit. `what`: internal ids only."""
        audit.record(self.step.conn, self.member.staff_id, action, what, self.step.now)


def opened(step: Step, member: Member, body: Body) -> Room:
    """The room as it is when they come in: whatever they were asked, they are asked no more."""
    asked = step.contact.doing
    if asked:
        doing.ask(step.conn, step.contact.id, "", step.now)
        step.person = replace(step.person, contact=replace(step.contact, doing=""))
    redraws = body.message if isinstance(body, Tap) else ""
    return Room(step, member, asked, redraws)
