"""A small set of scripts with all its words, to be broken one way at a time."""

from bot import catalogues, scripts
from bot.catalogues import Entry
from bot.core.check_words import NOTHING, SYSTEM, messages_of, messages_of_answers, messages_of_offices
from bot.core.contact import LANGUAGES
from bot.core.finding import Finding
from bot.script_files import parse_files

LANGUAGE = """\
[dialog]
id = "language"

[[node]]
id = "ask"
kind = "choice"
field = ""
back = false
choices = [
  { key = "km", do = ["language km"] },
  { key = "en", do = ["language en"], phrases = ["English"] },
]

[[node]]
id = "done"
kind = "end"
then = "menu"
"""

MENU = """\
[dialog]
id = "menu"

[[node]]
id = "top"
kind = "choice"
field = ""
sticky = true
back = false
choices = [
  { key = "intake", short = true, next = "to-intake", when = "not started.intake" },
  { key = "bye" },
]

[[node]]
id = "bye"
kind = "end"

[[node]]
id = "to-intake"
kind = "call"
dialog = "intake"
"""

INTAKE = """\
[dialog]
id = "intake"
submission = "new"
expires = "12h"

[[node]]
id = "hello"
kind = "say"

[[node]]
id = "agree"
kind = "yes-no"
sensitivity = "S0"
coarse = true
why = true
yes = { do = ["consent help yes"] }
no = { next = "end", do = ["consent help no"] }

[[node]]
id = "age"
kind = "choice"
coarse = true
branch = [{ when = "age == 'child'", next = "thanks" }]
choices = [{ key = "child" }, { key = "grown" }]

[[node]]
id = "home"
kind = "place"
first = ["22"]
show_if = "age == 'grown' and not consent.call"

[[node]]
id = "years"
kind = "number"
least = 0
most = 60
optional = true
retry = true
help = true

[[node]]
id = "needs"
kind = "multi-choice"
sensitivity = "S2"
exclusive = ["none"]
choices = [
  { key = "food", when = "years > 1 or home.province in ['22', '15']" },
  { key = "none", marks = "home" },
]

[[node]]
id = "jobs"
kind = "repeat"
dialog = "job"
show_if = "needs has 'food' or answered(years)"

[[node]]
id = "review"
kind = "review"
do = ["case intake"]

[[node]]
id = "thanks"
kind = "say"
args = { number = "case.number", town = "home", lines = "hotlines.police" }
expires = "3d"
"""

JOB = """\
[dialog]
id = "job"

[[node]]
id = "work"
kind = "text"
longest = 200

[[node]]
id = "since"
kind = "date"
precision = "month"
earliest = 1990-01-01
"""

TALK = """\
[dialog]
id = "talk"
submission = "latest:intake"

[[node]]
id = "calm"
kind = "say"
do = ["case person"]
"""

WHO = """\
[dialog]
id = "who"

[[node]]
id = "ask"
kind = "who"

[[node]]
id = "known"
kind = "end"
do = ["unlock"]
"""

ROUTES = """\
first = "language"
home = "menu"
person = "talk"

[[route]]
dialog = "talk"
rank = "open"
commands = ["person"]
phrases = ["មនុស្ស"]

[[route]]
dialog = "menu"
rank = "control"
commands = ["menu"]
"""

CENTRES = """\
[[centre]]
id = "pursat"
prefix = "PU"
province = "15"
near = ["22"]
hours = true
"""

HOTLINES = """\
[[hotline]]
id = "police"
numbers = ["117"]
called_on = 2026-11-02
"""

PLACES = """\
[province]
15 = ["ពោធិ៍សាត់", "Pursat"]
22 = ["ឧត្តរមានជ័យ", "Oddar Meanchey"]
"""

SCRIPTS = {
    "dialogs/language.toml": LANGUAGE,
    "dialogs/menu.toml": MENU,
    "dialogs/intake.toml": INTAKE,
    "dialogs/job.toml": JOB,
    "dialogs/talk.toml": TALK,
    "dialogs/who.toml": WHO,
    "dialogs/routes.toml": ROUTES,
    "dialogs/centres.toml": CENTRES,
    "dialogs/hotlines.toml": HOTLINES,
    "dialogs/places.toml": PLACES,
}


def wanted(scripts: dict[str, str]) -> dict[str, frozenset[str]]:
    """Message id → placeholders, of everything that these scripts and the program say."""
    parsed = parse_files({file: text.encode() for file, text in scripts.items()})
    messages = dict(SYSTEM)
    for dialog in parsed.dialogs.values():
        for node in dialog.nodes.values():
            messages.update(messages_of(node))
    kinds = [node.kind for dialog in parsed.dialogs.values() for node in dialog.nodes.values()]
    messages.update(messages_of_answers(kinds, parsed.entries))
    messages.update(
        dict.fromkeys(messages_of_offices(parsed.centres.values(), parsed.hotlines.values()), NOTHING)
    )
    return messages


def ids_of(scripts: dict[str, str], domain: str) -> list[str]:
    return [message_id for message_id in wanted(scripts) if message_id.startswith(f"{domain}.")]


def words_for(scripts: dict[str, str]) -> dict[str, bytes]:
    """Catalogues with a sentence for everything that these scripts say."""
    files: dict[str, dict[str, Entry]] = {}
    for language in LANGUAGES:
        for message_id, names in wanted(scripts).items():
            word = "ពាក្យ" if language == "km" else "words"
            text = " ".join([word, *(f"{{{name}}}" for name in sorted(names))])
            file = catalogues.file_of(message_id.partition(".")[0], language)
            files.setdefault(file, {})[message_id] = Entry(text)
    return {
        file: catalogues.write(entries, catalogues.language_of(file) or "km")
        for file, entries in files.items()
    }


def faults(files: dict[str, bytes]) -> list[Finding]:
    """Every Finding but those about sentences that nobody has recorded yet."""
    return [one for one in scripts.check(files) if one.problem != "check.recording-missing"]


def files_of(scripts: dict[str, str]) -> dict[str, bytes]:
    """A whole Release: these scripts and their words."""
    return {**{file: text.encode() for file, text in scripts.items()}, **words_for(scripts)}
