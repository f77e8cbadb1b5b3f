"""The public pages: what this is, the chat page, privacy, erasing, and the neutral page behind quick exit.

Never holds a sentence (the catalogues do) and never shows anything of a person.
"""

import calendar
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from aiohttp import web
from babel.dates import get_day_names
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from bot.core.answers import Month
from bot.core.contact import LANGUAGES, Language
from bot.core.khmer.digits import to_khmer_digits
from bot.core.phrases_web import CHAT_PHRASES
from bot.core.schedule import PHNOM_PENH
from bot.i18n import show
from bot.web.assets import load_assets, serve
from bot.web.problem import Problem
from bot.web.site import Site

_HOME = ("what", "free")
_PRIVACY = ("who", "what", "kept", "share", "platforms", "never", "phone", "erase")
_ERASE = ("what", "chat", "ask", "office")


class Pages:
    """Rendered for every request, since the live words may change at any moment."""

    def __init__(self, site: Site) -> None:
        self._site = site
        self._assets = load_assets()
        self._templates = Environment(
            loader=FileSystemLoader(Path(__file__).with_name("templates")),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.policies["json.dumps_kwargs"] = {"ensure_ascii": False, "separators": (",", ":")}

    def routes(self) -> list[web.RouteDef]:
        """The pages and their assets."""
        return [
            web.get("/", self.home),
            web.get("/chat", self.chat),
            web.get("/exit", self.exit),
            web.get("/privacy", self.privacy),
            web.get("/erase", self.erase),
            web.get("/static/{name}", self.static),
        ]

    async def home(self, request: web.Request) -> web.Response:
        """What this is, and where to go."""
        return await self._texts(request, "home", _HOME, links=("chat", "privacy", "erase"))

    async def privacy(self, request: web.Request) -> web.Response:
        """How words of people are kept; the platforms ask for such a page."""
        return await self._texts(request, "privacy", _PRIVACY)

    async def erase(self, request: web.Request) -> web.Response:
        """How to erase everything; the platforms ask for such a page."""
        return await self._texts(request, "erase", _ERASE)

    async def chat(self, request: web.Request) -> web.Response:
        """The chat page, in the default language until its script knows better."""
        language = self._site.default_language
        said = await self._said()
        words = {
            each: {message.removeprefix("web."): said(message, each) for message in CHAT_PHRASES}
            for each in LANGUAGES
        }
        return self._page(
            request,
            "chat.html",
            language=language,
            name=self._site.name,
            words=words,
            say=lambda tail: said(f"web.chat.{tail}", language),
        )

    async def exit(self, request: web.Request) -> web.Response:
        """A calendar of this month, as anybody may have open. Browsers keep it ready for an hour."""
        language = self._site.default_language
        said = await self._said()
        today = self._site.now().astimezone(PHNOM_PENH).date()
        answer = self._page(
            request,
            "exit.html",
            language=language,
            title=said("web.exit.title", language),
            month=show(Month(today.year, today.month), language),
            heads=_heads(language),
            weeks=_weeks(today, language),
            today=_digits(today.day, language),
        )
        answer.headers["Cache-Control"] = "private, max-age=3600"
        return answer

    async def static(self, request: web.Request) -> web.Response:
        """Our style and script."""
        asset = self._assets.get(request.match_info["name"])
        if asset is None:
            raise Problem(404, "web.error.nothing-here")
        return serve(asset, request)

    async def _texts(
        self, request: web.Request, page: str, tails: Sequence[str], links: Sequence[str] = ()
    ) -> web.Response:
        said = await self._said()
        sections = [
            {
                "language": language,
                "title": said(f"web.{page}.title", language),
                "texts": [said(f"web.{page}.{tail}", language) for tail in tails],
                "links": [(f"/{link}", said(f"web.{page}.{link}", language)) for link in links],
            }
            for language in LANGUAGES
        ]
        return self._page(
            request,
            "page.html",
            language=self._site.default_language,
            name=self._site.name,
            sections=sections,
        )

    def _page(self, request: web.Request, template: str, **values: object) -> web.Response:
        text = self._templates.get_template(template).render(assets=self._assets, **values)
        answer = web.Response(text=text, content_type="text/html", charset="utf-8")
        if request.method == "GET":
            answer.enable_compression()
        return answer

    async def _said(self) -> Callable[[str, Language], str]:
        """The words of the live Release, the same for a whole page."""
        words = await self._site.words()
        return lambda message_id, language: words.say(message_id, language, {"name": self._site.name})


def _digits(number: int, language: Language) -> str:
    return to_khmer_digits(str(number)) if language == "km" else str(number)


def _heads(language: Language) -> list[str]:
    names = get_day_names("narrow", locale=language)
    return [names[(day - 1) % 7] for day in range(7)]  # Sunday first, as calendars hang in Cambodia


def _weeks(today: date, language: Language) -> list[list[str]]:
    month = calendar.Calendar(firstweekday=calendar.SUNDAY).monthdayscalendar(today.year, today.month)
    return [[_digits(day, language) if day else "" for day in week] for week in month]
