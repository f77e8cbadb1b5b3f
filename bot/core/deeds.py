"""What choices and nodes do besides asking: language, consent, subject, case, stop, data, resuming.

Never performs anything: each deed becomes an effect.
"""

from dataclasses import replace
from typing import assert_never

from bot.core import asking, dialog
from bot.core.dialog import Action, Node
from bot.core.effects import (
    CaseOpened,
    ConsentGiven,
    DataAsked,
    DropWords,
    LanguageChosen,
    SetSubject,
    StopChosen,
)
from bot.core.trail import Trail


class Deeds(Trail):
    """A trail on which things are done."""

    def act(self, actions: tuple[Action, ...], node: Node) -> None:
        """Do what a choice or node does."""
        for action in actions:
            self._do(action, node)

    def _do(self, action: Action, node: Node) -> None:
        match action:
            case dialog.ChooseLanguage(language):
                self.contact = replace(self.contact, language=language, language_chosen=True)
                self.effects.append(LanguageChosen(language))
            case dialog.Consent(purpose, granted):
                others = self.contact.consents - {purpose}
                self.contact = replace(self.contact, consents=others | {purpose} if granted else others)
                self.effects.append(ConsentGiven(purpose, granted, node.text, self.frame.release))
            case dialog.About(subject):
                self._about(subject)
            case dialog.OpenCase(kind):
                self.open_case(kind)
            case dialog.Stop(stopped):
                self.contact = replace(self.contact, stopped=stopped)
                self.effects.append(StopChosen(stopped))
            case dialog.MyData(what):
                self.effects.append(DataAsked(what))
                self.over = self.over or what == "erase"
            case dialog.Resume():
                if self.suspended:
                    self.frames, self.suspended = list(self.suspended), ()
                    self.note("bot.welcome-back")
            case _:
                assert_never(action)

    def _about(self, subject: dialog.Subject) -> None:
        """Where there is no submission yet (the menu), it is the next one that is about them."""
        number = self.frame.submission
        if number is None:
            self.subject = subject
            return
        submission = self.submissions[number] = replace(self.submissions[number], subject=subject)
        if submission.opened:
            self.effects.append(SetSubject(number, subject))

    def open_case(self, kind: dialog.CaseKind, number: int | None = None) -> None:
        """A human must look at submission `number` (this frame's without it).

        Danger keeps no link to what was written, and nothing of the words or tap that led to it.
        """
        number = number or self.frame.submission
        at = number or max(self.submissions, default=None)
        centre = asking.chosen_centre(self.shelf.live, self.view(replace(self.frame, submission=at)))
        danger = kind == "danger"
        if danger:
            self.effects.append(DropWords())
        elif number is not None:
            self.submissions[number] = replace(self.opened(number), case=True)
        linked = None if danger else number
        self.effects.append(CaseOpened(kind, linked, centre.id if centre else None, restricted=danger))

    def may_nudge(self) -> bool:
        """Whether a reminder may be sent: to a question, to somebody who can and wants to be reached."""
        who = self.contact
        if who.stopped or who.handled_by_staff or not who.reachable or not self.frames or self.quiet():
            return False
        kind = self.current[1].kind
        return not (isinstance(kind, dialog.ChoiceNode) and kind.sticky)

    def unfinished(self) -> tuple[int, ...]:
        """The submissions of somebody who agreed and stopped half-way: no case, not walked to the end."""
        if "help" not in self.contact.consents:
            return ()
        given = self.submissions.values()
        return tuple(one.no for one in given if one.opened and not one.case and not one.closed)
