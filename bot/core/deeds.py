"""What choices and nodes do besides asking: language, consent, subject, case, stop, data, resuming.

Never performs anything: each deed becomes an effect.
"""

from dataclasses import replace
from typing import Literal, assert_never

from bot.core import actions, dialog, subscribing
from bot.core.actions import Action
from bot.core.answers import Key
from bot.core.dialog import Node
from bot.core.effects import (
    CaseOpened,
    ChatHidden,
    Complained,
    ConsentGiven,
    DangerEased,
    DataAsked,
    DiscretionChosen,
    DropWords,
    HandOver,
    LanguageChosen,
    LinkDeed,
    MediaDecided,
    SaveAnswer,
    SetSubject,
    StopChosen,
    VoiceChosen,
)
from bot.core.events import Joined, Start
from bot.core.path import chosen_centre
from bot.core.privacy import private
from bot.core.session import NO_ANSWERS
from bot.core.trail import Trail

ToPerson = (
    actions.ChooseVoice
    | actions.ChooseDiscretion
    | actions.Hide
    | actions.Unlock
    | actions.ForgetCode
    | actions.DecideFile
    | actions.Ease
    | actions.Complain
    | actions.MakeLink
    | actions.JoinLink
    | actions.EndLink
    | actions.Subscribe
    | actions.Unsubscribe
)


URGENT = frozenset({"danger", "need"})
CALL_TEXT = "contact.may-call"  # what a yes to calls is written down under, where the place may not be told
COMPLAIN_AS, NAMED = "complain_as", "named"  # a complaint is nobody's unless this answer says otherwise


class Deeds(Trail):
    """A trail on which things are done."""

    def act(self, actions: tuple[Action, ...], node: Node) -> None:
        """Do what a choice or node does."""
        for action in actions:
            self._do(action, node)

    def _do(self, action: Action, node: Node) -> None:
        match action:
            case actions.ChooseLanguage(language):
                self.contact = replace(self.contact, language=language, language_chosen=True)
                self.effects.append(LanguageChosen(language))
            case actions.Consent(purpose, granted):
                self.contact = self.contact.agreed(purpose, granted=granted)
                private = self.book(self.frame).dialogs[self.frame.dialog].private
                shown = CALL_TEXT if private and purpose == "call" else node.text  # no row tells of danger
                self.effects.append(ConsentGiven(purpose, granted, shown, self.frame.release))
            case actions.About(subject):
                self._about(subject)
            case actions.OpenCase(kind):
                self.open_case(kind)
            case actions.Stop(stopped):
                self.contact = replace(self.contact, stopped=stopped)
                self.effects.append(StopChosen(stopped))
            case actions.MyData() if self.barred:
                pass  # a stranger at the gate neither sees nor erases anything
            case actions.MyData(what):
                shared = self.view().look("shared") is True
                veiled = shared and (what == "show" or not self.code)
                self.effects.append(DataAsked(what, veiled))
                self.over = self.over or what == "erase"
            case actions.Resume():
                if self.suspended:
                    self.frames, self.suspended = list(self.suspended), ()
                    self.note("bot.welcome-back")
            case actions.DropOthers():
                self.frames[:-1], self.suspended = [], ()
            case _:
                self._do_to_person(action)

    def _do_to_person(self, action: ToPerson) -> None:
        """What concerns the person and the phone rather than the dialog."""
        match action:
            case actions.ChooseVoice(listens):
                self.contact = replace(self.contact, listens=listens)
                self.effects.append(VoiceChosen(listens))
            case actions.ChooseDiscretion(discreet):
                self.contact = replace(self.contact, discreet=discreet)
                self.effects.append(DiscretionChosen(discreet))
            case actions.Hide():
                self.hide()
            case actions.Unlock():
                self.unlock()
            case actions.ForgetCode():
                self.code = ()
            case actions.DecideFile(keep):
                self.effects.append(MediaDecided(keep))
            case actions.Ease():
                self.contact = replace(self.contact, resting=False)
                self.effects.append(DangerEased())
            case actions.Complain():
                self.complain()
            case actions.MakeLink() | actions.JoinLink() | actions.EndLink():
                self._link(action)
            case actions.Subscribe() | actions.Unsubscribe():
                self._subscribe(action)
            case _:
                assert_never(action)

    def hide(self) -> None:
        """Nothing more is asked, or shown again, until somebody says who is writing; danger's card never."""
        self.contact = replace(self.contact, hidden=True)
        self.drop_private()
        if (at := self.gate) is not None:  # who is writing is asked from the beginning
            asks = self.frames[at]
            start = self.book(asks).dialogs[asks.dialog].start
            self.frames[at] = replace(asks, node=start, draft=(), history=(), asked=False)
        self.locked = self.still = True
        self.effects.append(ChatHidden())

    def _link(self, action: actions.MakeLink | actions.JoinLink | actions.EndLink) -> None:
        match action:
            case actions.JoinLink():
                self.join()
            case _ if self.barred:
                pass  # a stranger at the gate neither takes the chat elsewhere nor from there
            case actions.MakeLink():
                self.effects.append(LinkDeed("make"))
            case actions.EndLink(which):
                self.end_link(which)

    def join(self) -> None:
        """The address becomes that of whoever made the link; nothing more is asked of who was there."""
        link = self.contact.link
        if link is not None:
            self.still = True
            self.effects += [LinkDeed("join"), HandOver(link.contact, Joined())]

    def end_link(self, which: Literal["here", "others"]) -> None:
        """The address is a new person's, who is greeted; or the person's others are, and they go on here."""
        self.effects.append(LinkDeed("end here" if which == "here" else "end others"))
        if which == "here":
            self.still = True
            self.effects.append(HandOver(None, Start(language_hint=self.contact.language)))

    def _subscribe(self, action: actions.Subscribe | actions.Unsubscribe) -> None:
        """By a yes or no to the question that is answered."""
        text = self.current[1].text
        self.contact, done = subscribing.act(action, text, self.frame, self.view(), self.shelf.board)
        self.effects.extend(done)

    def complain(self) -> None:
        """Hand in what this dialog's answers say; the session forgets them, and, unless named, all of it."""
        frame = self.frame
        if frame.submission is None:
            return
        said = self.submissions[frame.submission]
        named = said.answers.get((COMPLAIN_AS, 0)) == Key(NAMED)
        nodes = {one.field: one for one in self.book(frame).dialogs[frame.dialog].nodes.values() if one.field}
        saved = tuple(
            SaveAnswer(
                submission=said.no,
                field=name,
                index=at,
                value=value,
                sensitivity=nodes[name].sensitivity,
                coarse=False,
                node=f"{said.dialog}.{nodes[name].id}",
            )
            for (name, at), value in said.answers.items()
            if name in nodes
        )
        self.submissions[said.no] = replace(said, answers=NO_ANSWERS, opened=named, closed=named)
        self.effects.append(Complained(said.dialog, frame.release, saved, anonymous=not named))

    def _about(self, subject: actions.Subject) -> None:
        """Where there is no submission yet (the menu), it is the next one that is about them."""
        number = self.frame.submission
        if number is None:
            self.subject = subject
            return
        submission = self.submissions[number] = replace(self.submissions[number], subject=subject)
        if submission.opened:
            self.effects.append(SetSubject(number, subject))

    def open_case(self, kind: actions.CaseKind, number: int | None = None) -> None:
        """A human must look at submission `number` (this frame's without it).

        Danger keeps no link to what was written, and nothing of the words or tap that led to it.
        """
        number = number or self.frame.submission
        at = number or max(self.submissions, default=None)
        centre = chosen_centre(self.shelf.live, self.view(replace(self.frame, submission=at)))
        danger = kind == "danger"
        if danger:
            self.effects.append(DropWords())
        elif number is not None:
            self.submissions[number] = replace(self.opened(number), case=True)
        linked = None if danger else number
        where = centre.id if centre else None
        self.effects.append(CaseOpened(kind, linked, where, restricted=danger, urgent=kind in URGENT))

    def may_nudge(self) -> bool:
        """Whether a reminder may be sent: to a question, to somebody who can and wants to be reached."""
        who = self.contact
        away = not who.present or who.stopped or who.hidden or who.resting or not who.reachable
        if (
            away
            or who.handled_by_staff
            or not self.frames
            or private(self.shelf, self.frame)
            or self.view().quiet
        ):
            return False
        kind = self.current[1].kind
        return not (isinstance(kind, dialog.ChoiceNode) and kind.sticky)

    def unfinished(self) -> tuple[int, ...]:
        """The submissions of somebody who agreed and stopped half-way: no case, not walked to the end."""
        if "help" not in self.contact.consents:
            return ()
        given = self.submissions.values()
        return tuple(one.no for one in given if one.opened and not one.case and not one.closed)
