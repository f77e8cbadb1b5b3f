"""What one walk says: its question with everything around it, a single sentence, a gentle reminder.

Never decides what is asked next (`walk` does).
"""

from bot.core import activity_pages, asking, dialog, faq_page
from bot.core.asking import Asked
from bot.core.deeds import Deeds
from bot.core.effects import Send
from bot.core.message import Line, OutMessage
from bot.core.who import locked

HELP_AFTER, PERSON_AFTER = 2, 3  # misunderstandings in a row (the issue)


class Saying(Deeds):
    """A trail that is spoken of."""

    def asked(self) -> Asked:
        """What the top frame's question is asked with."""
        within, node = self.current
        return Asked(
            book=self.book(self.frame),
            live=self.shelf.live,
            dialog=within,
            node=node,
            frame=self.frame,
            view=self.view(),
            turn=self.turn,
            can_go_back=self.deeper or (node.back and self.can_go_back()),
            offer_help=self.misses >= HELP_AFTER,
            offer_person=self.misses >= PERSON_AFTER,
            offer_hide=self.view().quiet and self.shelf.live.hides,
        )

    def ask(self, replaces: str = "", *, aloud: bool = True) -> None:
        """Say the top frame's question. Asked anew it gets a new turn; said again it keeps its own.

        `aloud` False: only redrawn, or asked one step deeper.
        """
        if not self.frame.asked:
            self.turn += 1
            self.misses = 0
            self.move(asked=True, page=0)
        _, node = self.current
        if not isinstance(node.kind, dialog.WhoNode | dialog.CodeNode):  # they wait with what is below them
            self.wake_at = None if node.stays and not self.unfinished() else self.now + node.expires
            self.nudged = False
        self.send(self.question(tuple(self.notes), replaces, aloud=aloud))
        if isinstance(node.kind, dialog.FaqNode) and self.frame.draft[:1] == ("answer",):
            entry = faq_page.entry_of(self.shelf.live, self.frame.draft)
            self.effects.extend([faq_page.shown(self.shelf, entry, self.today)] if entry else [])
        if isinstance(node.kind, dialog.ActivitiesNode):
            self.effects.extend(activity_pages.told(self.asked(), self.shelf))
        self.notes.clear()

    def question(self, notes: tuple[Line, ...] = (), replaces: str = "", *, aloud: bool = True) -> OutMessage:
        """The top frame's question as it is asked."""
        asked = self.asked()
        message = asking.question(asked, notes, replaces, aloud=aloud)
        match asked.node.kind:
            case dialog.FaqNode():
                return faq_page.page(message, asked, self.shelf)
            case dialog.ActivitiesNode():
                return activity_pages.page(message, asked, self.shelf)
            case _:
                return message

    def nudge(self) -> None:
        """One gentle reminder of the question; to whom it must tell nothing, not even the question."""
        if self.contact.discreet or locked(self.before, self.contact, self.now):
            self.say(Line("bot.nudge-discreet" if self.contact.discreet else "bot.nudge"))
            self.wake_at = self.now + self.current[1].expires
        else:
            self.note("bot.nudge")
            self.ask()
        self.nudged = True

    def say(self, line: Line) -> None:
        """Say one message without a question."""
        self.send(OutMessage(self.book(self.frame).digest, (*self.notes, line)))
        self.notes.clear()

    def send(self, message: OutMessage) -> None:
        """Say it."""
        self.effects.append(Send(message))
