"""Whether something may be said to a person who did not just write: one pure function.

Never sends, and never asks whether a platform's window is open (`window` does).
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from bot.core.contact import Contact

Bar = Literal[
    "stopped",
    "said no to messages",
    "said no to news",
    "said no to fairs",
    "said no to training",
    "said no to jobs",
    "hid the chat",
    "in danger",
    "unreachable",
    "with staff",
    "others see",
]
NO: Bar = "said no to messages"
NO_TO: Mapping[str, Bar] = {  # by purpose: a no to this one alone
    "news": "said no to news",
    "fairs": "said no to fairs",
    "training": "said no to training",
    "jobs": "said no to jobs",
}
MESSAGES = "messages"  # the consent that what is sent to many needs
BESIDE = f"{MESSAGES}-"  # `messages-fairs`: a no to one purpose, beside a yes to messages


def barred(contact: Contact, *, purpose: str = "", asked_for: bool = False) -> Bar | None:
    """Why nothing is said to them unasked now; None when it may be.

    `purpose`: of what goes to many (`fairs`, `training`, `jobs`, `news`), which needs their yes; empty: what
    concerns them alone, which needs that they did not say no. `asked_for`: they asked for exactly this, as
    who comes to a fair asks to be told when it moves.
    """
    if contact.stopped:
        return "stopped"
    if contact.hidden:
        return "hid the chat"
    if contact.resting:
        return "in danger"
    if not contact.reachable:
        return "unreachable"
    if asked_for:
        return None
    if MESSAGES in contact.declined or (purpose and MESSAGES not in contact.consents):
        return NO
    if f"{BESIDE}{purpose}" in contact.declined:
        return NO_TO.get(purpose, NO)
    if contact.handled_by_staff:
        return "with staff"
    return "others see" if contact.careful is not False else None


def may_be_reminded(contact: Contact) -> bool:
    """Whether who writes to us now, and so is reached, may be told again of what they ask to be told of."""
    return barred(replace(contact, reachable=True), asked_for=True) is None


def discreet(contact: Contact) -> bool:
    """Whether what is written to them must tell nothing: they asked for that, or others may see it."""
    return contact.discreet or contact.careful is not False


def may_be_called(contact: Contact) -> bool:
    """Whether they agreed to a call, and did not say stop, hid no chat and are in no danger."""
    return "call" in contact.consents and not (contact.stopped or contact.hidden or contact.resting)
