"""What a choice or node of a script does when it is taken or passed, besides asking.

Never does anything: `deeds` turns each into effects.
"""

from dataclasses import dataclass
from typing import Literal

from bot.core.activity import Purpose
from bot.core.contact import Language

CaseKind = Literal["intake", "person", "need", "danger", "complaint", "unfinished", "failure"]
Subject = Literal["self", "family", "group"]


@dataclass(frozen=True, slots=True)
class ChooseLanguage:
    """`language km`"""

    language: Language


@dataclass(frozen=True, slots=True)
class Consent:
    """`consent help yes`: one row per purpose, with the text's id and Release."""

    purpose: str
    granted: bool


@dataclass(frozen=True, slots=True)
class About:
    """`subject family`: whom the submission is about."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class OpenCase:
    """`case person`: a human takes over; its centre is the answer `centre`, else that of `home`."""

    kind: CaseKind


@dataclass(frozen=True, slots=True)
class Stop:
    """`stop` / `start`: nothing automatic is sent while stopped."""

    stopped: bool


@dataclass(frozen=True, slots=True)
class MyData:
    """`data show`, `data export`, `data erase`."""

    what: Literal["show", "export", "erase"]


@dataclass(frozen=True, slots=True)
class Resume:
    """`resume`: take up the frames that the menu or a command suspended."""


@dataclass(frozen=True, slots=True)
class DropOthers:
    """`drop others`: whatever else is open, or was put aside, is asked no further."""


@dataclass(frozen=True, slots=True)
class ChooseVoice:
    """`voice on`, `voice off`: recordings come first, or only when asked for."""

    listens: bool


@dataclass(frozen=True, slots=True)
class ChooseDiscretion:
    """`discreet on`, `discreet off`: whether what is sent unasked tells nothing."""

    discreet: bool


@dataclass(frozen=True, slots=True)
class Hide:
    """`hide`: delete what the platform lets us delete, and keep quiet until they write again."""


@dataclass(frozen=True, slots=True)
class Unlock:
    """`unlock`: the person is who they say, so what they wrote before may be shown."""


@dataclass(frozen=True, slots=True)
class ForgetCode:
    """`code forget`: nobody is asked for pictures any more."""


@dataclass(frozen=True, slots=True)
class DecideFile:
    """`file keep`, `file delete`: what becomes of the file that nobody asked for."""

    keep: bool


@dataclass(frozen=True, slots=True)
class Ease:
    """`eased`: "I am not in danger"; automatic messages may go on."""


@dataclass(frozen=True, slots=True)
class Complain:
    """`complain`: hand in what this private dialog's answers say, past the centre."""


@dataclass(frozen=True, slots=True)
class MakeLink:
    """`link make`: a one-time link, by which the person goes on in another app too."""


@dataclass(frozen=True, slots=True)
class JoinLink:
    """`link join`: this address is from here on also that of whoever made the link."""


@dataclass(frozen=True, slots=True)
class EndLink:
    """`link end here`, `link end others`: which addresses become a new person's again."""

    which: Literal["here", "others"]


@dataclass(frozen=True, slots=True)
class Subscribe:
    """`follow`: hear of what this dialog's answers say; `follow home`: of fairs and courses near home."""

    home: bool


@dataclass(frozen=True, slots=True)
class Unsubscribe:
    """`unfollow fairs`: no to messages of one purpose."""

    purpose: Purpose


Action = (
    ChooseLanguage
    | Consent
    | About
    | OpenCase
    | Stop
    | MyData
    | Resume
    | DropOthers
    | ChooseVoice
    | ChooseDiscretion
    | Hide
    | Unlock
    | ForgetCode
    | DecideFile
    | Ease
    | Complain
    | MakeLink
    | JoinLink
    | EndLink
    | Subscribe
    | Unsubscribe
)
