"""An OutMessage in the words of its Release and one language.

Never decides what is said and never fits it to a channel (`core.fitting` does).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.core.answers import Day, Month, Number, Phone, PlaceCode
from bot.core.book import Book
from bot.core.channel import Label, Pager, Rendered
from bot.core.contact import Language
from bot.core.controls import DONE, HIDE, PAGE
from bot.core.message import Arg, Button, Fact, Line, OutMessage, PlaceName, TimeOfDay, Title, Verbatim
from bot.i18n import Words, show, show_time

TICK = "✓ "  # a plain letter: cheap phones and bare browsers have no emoji


@dataclass(frozen=True, slots=True)
class Voice:
    """What saying takes: words and places of a Release, a language, and facts known at commit.

    `live`: the live words, for what that Release does not know (a new phrase, a new centre).
    """

    words: Words
    live: Words
    book: Book
    language: Language
    facts: Mapping[str, "str | datetime"]

    def say(self, line: Line | Verbatim | PlaceName) -> str:
        """The sentence, its arguments filled in."""
        match line:
            case Verbatim(text):
                return text
            case PlaceName(code):
                return self.place(code)
            case Line(name, args):
                said = {key: self.argument(value) for key, value in args.items()}
                words = self.words if self.words.has(name, self.language) else self.live
                return words.say(name, self.language, said)

    def argument(self, value: Arg) -> str:
        """An argument as the reader's language writes it."""
        match value:
            case str():
                return value
            case Line() | PlaceName():
                return self.say(value)
            case Title(line):
                return self.say(line).partition("\n")[0]
            case tuple():
                return self.listed(tuple(self.say(one) for one in value))
            case Fact(name):
                fact = self.facts.get(name, "")
                return fact if isinstance(fact, str) else show(fact, self.language)
            case Number(number):
                return show(number, self.language)
            case Day(day):
                return show(day, self.language)
            case Phone(e164):
                return e164
            case PlaceCode(code):
                return self.place(code)
            case TimeOfDay(at):
                return show_time(at, self.language)
            case int() | Decimal() | datetime() | Month():
                return show(value, self.language)
            case _:
                raise TypeError(f"cannot say a {type(value).__name__}")

    def listed(self, said: tuple[str, ...]) -> str:
        """Several things: short ones in a row, long ones a line each."""
        short = sum(len(one) for one in said) <= 60
        return ", ".join(said) if short else "\n".join(said)

    def place(self, code: str) -> str:
        """A place's name; with `+` in front also the places that it lies in."""
        within = code.startswith("+")
        bare = code.removeprefix("+")
        codes = [bare[:length] for length in range(len(bare), 0, -2)] if within else [bare]
        return ", ".join(self.book.places.name(one, self.language) for one in codes)


def render(message: OutMessage, voice: Voice) -> Rendered:
    """The message in words."""
    request = message.request
    return Rendered(
        text="\n\n".join(text for line in message.lines if (text := voice.say(line))),
        buttons=tuple(_label(button, message.turn, voice) for button in message.buttons),
        controls=tuple(_label(button, message.turn, voice) for button in message.controls),
        request=request,
        request_label=voice.say(Line("bot.share-phone")) if request == "contact" else "",
        replaces=message.replaces,
        sticky=message.sticky,
        pager=_pager(message, voice) if message.turn else None,
        point=message.point,
    )


def _pager(message: OutMessage, voice: Voice) -> Pager:
    onward, backward, others = (
        voice.say(Line(f"bot.page-{where}")) for where in ("onward", "backward", "others")
    )
    return Pager(message.page, f"{message.turn}:{PAGE}", onward, backward, others)


def _label(button: Button, turn: int, voice: Voice) -> Label:
    tick = TICK if button.ticked else ""
    text = voice.say(button.label)
    short = voice.say(button.short) if button.short else None
    payload, kept = f"{turn}:{button.key}", button.key in (DONE, HIDE)
    return Label(payload, tick + text, None if short is None else tick + short, kept)
