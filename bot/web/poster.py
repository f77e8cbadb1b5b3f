"""The sheet that is printed and hung up: an activity or a place in both languages, with its codes.

Never holds a sentence (the catalogues do), and never shows anything of a person.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot import codes
from bot.core.activity import Activity
from bot.core.contact import LANGUAGES
from bot.core.message import Line, PlaceName
from bot.runner.render import Voice

APPS: Mapping[str, str] = {"telegram": "Telegram", "messenger": "Messenger"}


@dataclass(frozen=True, slots=True)
class Section:
    """The sheet in one language."""

    language: str
    title: str
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """One code. `drawn`: an `<svg>` element."""

    name: str
    link: str
    drawn: str


def of_activity(activity: Activity, voices: Mapping[str, Voice], links: Mapping[str, str]) -> str:
    """The page of an activity. `voices` by language; `links` by channel."""
    return _page([_activity(activity, voices[one]) for one in LANGUAGES], links)


def of_place(code: str, voices: Mapping[str, Voice], links: Mapping[str, str]) -> str:
    """The page of whatever is near a place."""
    sections = []
    for language in LANGUAGES:
        say = voices[language].say
        texts = (say(Line("poster.scan-near")), say(Line("poster.free")))
        sections.append(Section(language, say(Line("poster.near", {"place": PlaceName(f"+{code}")})), texts))
    return _page(sections, links)


def _activity(activity: Activity, voice: Voice) -> Section:
    sheet, language = activity.sheet, voice.language
    around = voice.say(PlaceName(f"+{sheet.place}"))
    place = ", ".join(one for one in (sheet.venue.read_in(language), around) if one)
    lines = [
        Line("poster.when", {"starts": sheet.starts_at, "ends": sheet.ends_at}),
        Line("poster.where", {"place": place}),
    ]
    lines += [
        Line("poster.bus", {"stop": stop.name.read_in(language), "leaves": stop.leaves_at})
        for stop in sheet.stops
    ]
    if sheet.bring:
        lines.append(Line("poster.bring", {"what": sheet.bring.read_in(language)}))
    lines.append(Line("poster.scan"))
    if sheet.cost == 0:
        lines.append(Line("poster.free"))
    return Section(language, sheet.title.read_in(language), tuple(voice.say(one) for one in lines))


def _page(sections: list[Section], links: Mapping[str, str]) -> str:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).with_name("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    drawn = [Code(APPS[channel], link, codes.svg(link)) for channel, link in links.items()]
    return templates.get_template("poster.html").render(sections=sections, codes=drawn)
