"""The shipped scripts with a person who talks to the pure engine, nothing stored.

Never renders for a channel: words only.
"""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from bot import scripts
from bot.core import effects as fx
from bot.core import engine
from bot.core.activity import NO_BOARD, Board
from bot.core.book import Shelf
from bot.core.channel import Rendered
from bot.core.contact import Address, Contact
from bot.core.events import Body, Event, Start, Tap, Text
from bot.core.message import Line
from bot.core.session import Session, dump, load
from bot.runner.render import Voice, render

ROOT = Path(__file__).parents[2]
NOON = datetime(2026, 11, 22, 5, tzinfo=UTC)


@cache
def release() -> scripts.Release:
    return scripts.compile_release(scripts.read_files(ROOT))


@cache
def edited() -> scripts.Release:
    """Another Release of the same scripts: an option renamed, a way out of the menu gone."""
    files = dict(scripts.read_files(ROOT))
    for name in [one for one in files if one.endswith("intake.po") or one == "dialogs/intake.toml"]:
        renamed = files[name].replace(b"phone-sharing.mine", b"phone-sharing.only-mine")
        files[name] = renamed.replace(b'key = "mine"', b'key = "only-mine"')
    menu = files["dialogs/menu.toml"].decode()
    files["dialogs/menu.toml"] = "\n".join(
        line for line in menu.splitlines() if 'key = "about"' not in line
    ).encode()
    return scripts.reopen_release(files)


@dataclass
class Talk:
    """Remembers what the runner would: the contact, the session (as JSON), the last buttons."""

    contact: Contact = field(default_factory=lambda: Contact(1, "km"))
    session: Session = field(default_factory=Session)
    now: datetime = NOON
    said: list[Rendered] = field(default_factory=list)
    effects: tuple[fx.Effect, ...] = ()
    count: int = 0
    live: scripts.Release = field(default_factory=release)
    handed: fx.HandOver | None = None
    board: Board = NO_BOARD

    def happen(self, body: Body) -> "Talk":
        self.count += 1
        known = {one.digest: one.book for one in (release(), self.live)}
        shelf = Shelf(self.live.book, known, board=self.board)
        event = Event(f"e{self.count}", Address("telegram:1", "5"), self.now, body)
        turn = engine.advance(shelf, self.contact, self.session, event, self.now)
        self.session = load(dump(turn.session))
        assert self.session == turn.session
        self.effects = turn.effects
        self.said = []
        for effect in turn.effects:
            self._remember(effect)
        for effect in turn.effects:
            if isinstance(effect, fx.HandOver):
                self._hand_over(effect)
        return self

    def _hand_over(self, effect: fx.HandOver) -> None:
        """What was said at the gate comes once more; to whom else the address goes is only remembered."""
        self.handed = effect
        if effect.contact == self.contact.id:
            said, effects = self.said, self.effects
            self.happen(effect.body)
            self.said, self.effects = [*said, *self.said], (*effects, *self.effects)

    def _remember(self, effect: fx.Effect) -> None:
        match effect:
            case fx.Send(message):
                facts = {"case.number": "PU-2026-00001", "case.answer_by": self.now}
                self.said.append(render(message, self.voice(message.release, facts)))
            case fx.TapAnswered(chosen=Line() as chosen, release=digest):
                assert self.voice(digest, {}).say(chosen)
            case fx.LanguageChosen(language):
                self.contact = replace(self.contact, language=language, language_chosen=True)
            case fx.ConsentGiven(purpose, granted):
                others = self.contact.consents - {purpose}
                self.contact = replace(self.contact, consents=others | {purpose} if granted else others)
            case fx.StopChosen(stopped):
                self.contact = replace(self.contact, stopped=stopped)
            case _:
                pass

    def voice(self, digest: str | None, facts: dict) -> Voice:
        found = next((one for one in (release(), self.live) if one.digest == digest), self.live)
        return Voice(found.words, self.live.words, found.book, self.contact.language, facts)

    def type(self, words: str) -> "Talk":
        return self.happen(Text(words, message=f"m{self.count}"))

    def tap(self, label: str) -> "Talk":
        """Press the button whose label begins so, of the last message that has buttons."""
        return self.happen(Tap(self.payload(label), message="b"))

    def payload(self, label: str) -> str:
        for button in self.buttons:
            if button.text.removeprefix("✓ ").startswith(label):
                return button.payload
        raise AssertionError(f"no button {label!r} among {[button.text for button in self.buttons]}")

    def press(self, *keys: str) -> "Talk":
        """Press the buttons with these keys, one after the other, each of the last message with buttons."""
        for key in keys:
            pressed = next(one.payload for one in self.buttons if one.payload.endswith(f":{key}"))
            self.happen(Tap(pressed, message="b"))
        return self

    @property
    def buttons(self) -> tuple:
        shown = ((*one.buttons, *one.controls) for one in reversed(self.said))
        return next((buttons for buttons in shown if buttons), ())

    @property
    def node(self) -> str:
        frame = self.session.frames[-1]
        return f"{frame.dialog}.{frame.node}"

    @property
    def answers(self) -> dict:
        submissions = self.session.submissions
        return dict(submissions[-1].answers) if submissions else {}

    def wait(self, **span: float) -> "Talk":
        self.now += timedelta(**span)
        return self


def agreed() -> Talk:
    """Khmer chosen, consent given, at the first question of the intake about oneself."""
    talk = Talk().happen(Start())
    return talk.press("km", "read", "yes", "me")
