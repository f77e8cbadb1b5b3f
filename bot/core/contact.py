"""Who we talk with and where: people, accounts and addresses as the core sees them.

Never holds a platform's raw payload and never reaches for the store.
"""

from dataclasses import dataclass, replace
from typing import Literal

Language = Literal["km", "en"]
LANGUAGES: tuple[Language, ...] = ("km", "en")


@dataclass(frozen=True, slots=True)
class Companion:
    """Another person who writes from the same address. `name`: what to call them, empty when not told."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Link:
    """A one-time link that was opened: whose, and what it asks for.

    `staff`: a member of staff made it, who knew the person, so that it asks for nothing. `code`: their four
    pictures. `misses`: how often other pictures were given.
    """

    contact: int
    staff: bool
    code: tuple[str, ...] = ()
    misses: int = 0


@dataclass(frozen=True, slots=True)
class Contact:
    """A person. `handled_by_staff`: a human holds the chat, so the bot keeps silent.

    `reachable`: as far as we know they have not blocked us. `listens`: recordings come first. `discreet`:
    what we send unasked tells nothing. `hidden`: they hid the chat, so nothing is sent unasked until they
    write again. `resting`: the same after a danger alarm, until they go on or trained staff close it.
    `private_chat`: whoever holds the chat works on a restricted case. `staff`: a member of staff on duty.
    `open_case`: somebody works on a request of theirs. `present`: an event from their address is theirs now.
    `channel`: of the address. `paused`: it is in the platform's own inbox that a human holds the chat.
    `declined`: purposes that they were asked to consent to and said no, as they stand now.
    `careful`: others see what comes unasked; None: not known yet, so that it must be feared.
    `doing`: what their next words are for, where a member of staff was asked for some.
    `shared`: somebody else writes from there too. `others`: who, where the bot asks who is writing,
    the last first. `linked`: they have several addresses. `apps`: there are other apps to go on in. `link`:
    the one that is being opened here.
    """

    id: int
    language: Language
    language_chosen: bool = False
    stopped: bool = False
    reachable: bool = True
    handled_by_staff: bool = False
    consents: frozenset[str] = frozenset()
    listens: bool = False
    discreet: bool = False
    hidden: bool = False
    resting: bool = False
    private_chat: bool = False
    staff: bool = False
    open_case: bool = False
    present: bool = True
    channel: str = ""
    shared: bool = False
    others: tuple[Companion, ...] = ()
    declined: frozenset[str] = frozenset()
    paused: bool = False
    linked: bool = False
    careful: bool | None = None
    doing: str = ""
    apps: bool = False
    link: Link | None = None

    def agreed(self, purpose: str, *, granted: bool) -> "Contact":
        """The person after a yes or no to one purpose."""
        yes, no = self.consents - {purpose}, self.declined - {purpose}
        if granted:
            return replace(self, consents=yes | {purpose}, declined=no)
        return replace(self, consents=yes, declined=no | {purpose})


@dataclass(frozen=True, slots=True)
class Address:
    """One place to reach people: an account (`telegram:7001`) and the platform's id in it."""

    account: str
    external: str

    @property
    def channel(self) -> str:
        """The channel's name: what stands before the colon of the account."""
        return self.account.partition(":")[0]
