"""The text form of a transcript: what the person does, what the bot says, how it ends.

Never plays anything (`player` does).

A line begins with who or what acts:

    # words about the transcript        👤 typed words, or /menu        👤×20 the same words so many times
    👆 label of a button                👆↺ label on an older message    👆? what no button of ours carries
    🎤 a voice note                     🖼 a photo (🖼×3: an album)      😀 a sticker     📍 a location
    ☎ own number, shared                ☎✗ somebody else's               ❔ something we do not know
    ✏ new words of the last message     ⏳ 5d: time goes by              🚪 blocked / 🚪 unblocked
    🧑‍💼 words of staff, or (takes the case), (gives the case back), (closes the case)
    📟 Sokha joins: caseworker pursat, safeguarding *     on duty, in a chat of their own
    📟 Sokha takes       taps the latest alert            📟 Sokha is shut out, or: 📟 Sokha typed words
    📟 Sokha taps label  of the latest button             📟 Sokha scans TICKET
    ⚙ file: old words → new words       a new Release goes live; ⚙ voice ID …: with these sentences recorded
    🎪 bakan: in 10d, room 2             an activity of `fairs` is published; also: moves to 12d,
                                         is called off, 2 others come, another stays away
    ⏩ name                              everything of the transcript name.txt came before
    👆@webchat,messenger label           done on those channels only, which ask one question more (any action)

Where a list is longer than the channel shows, 👆 turns its pages first. A quick reply that has vanished is
typed instead; on an older message nobody would.

and what follows from it is written by `python -m tests.transcripts.play --write`:

    🤖 what the bot says, with its [buttons]; a new row after each /     🤖✎ the same message redrawn
    ⟦button⟧ that stays, where others vanish when the next message comes
    🤖🧹 everything above vanishes first     🤖✂ a message of the person's is deleted first
    🧑‍💼» what staff say      📟» what staff are told      ⏰ when it was said     🤫 nothing is said
    (×3) three times      = how it ends           # ⚠ what should be put right
"""

from dataclasses import dataclass, field
from pathlib import Path

ACTIONS = ("👤", "👆", "🎤", "🖼", "😀", "📍", "☎", "❔", "✏", "⏳", "🚪", "🧑‍💼", "📟", "⚙", "🎪", "⏩")
SAYINGS = ("🤖", "🧑‍💼»", "📟»", "⏰", "🤫", "=", "⚠", " ")
INDENT = "   "
WIDTH = 100  # of a line of buttons, in letters


@dataclass(frozen=True, slots=True)
class Action:
    """`sign` without its variant: `👆`; `variant`: `↺`, `×20`…; `line`: as it stands in the file.

    `only`: the channels on which it is done; empty: on all.
    """

    sign: str
    variant: str
    words: str
    line: str
    notes: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def on(self, channel: str) -> bool:
        """Whether it is done on this channel."""
        return not self.only or channel in self.only


@dataclass(slots=True)
class Script:
    """A transcript without what the bot says in it."""

    title: list[str] = field(default_factory=list)
    actions: list[Action] = field(default_factory=list)
    last_notes: list[str] = field(default_factory=list)


def read(path: Path) -> Script:
    """The actions of a file. Raises ValueError on a line of no kind."""
    script = Script()
    notes: list[str] = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            notes.append(line)
        elif not line.strip():
            if not script.actions and not script.title:
                script.title, notes = notes, []
        elif not line.startswith(SAYINGS):
            script.actions.append(_action(line, tuple(notes)))
            notes = []
    script.last_notes = notes
    return script


def _action(line: str, notes: tuple[str, ...]) -> Action:
    head, _, words = line.replace("\ufe0f", "").partition(" ")
    sign = next((one for one in ACTIONS if head.startswith(one)), None)
    if sign is None:
        raise ValueError(f"neither an action nor a saying: {line!r}")
    variant, _, only = head.removeprefix(sign).partition("@")
    return Action(sign, variant, words.strip(), line, notes, tuple(only.split(",")) if only else ())


def said(sign: str, text: str, rows: list[str]) -> list[str]:
    """One message: its words behind the sign, its rows of buttons below."""
    first, *more = text.split("\n")
    lines = [f"{sign} {first}".rstrip(), *(f"{INDENT}{one}" if one.strip() else "" for one in more)]
    below: list[str] = []
    for row in rows:
        if below and len(below[-1]) + len(row) < WIDTH:
            below[-1] += f" / {row}"
        else:
            below = [*below[:-1], f"{below[-1]} /"] if below else below
            below.append(f"{INDENT}{row}")
    return [*lines, *below]


def counted(message: list[str], times: int) -> list[str]:
    """A message that was said so many times in a row."""
    return message if times == 1 else [*message, f"{INDENT}(×{times})"]


def write(script: Script, followed: list[list[str]], end: list[str]) -> str:
    """The whole file; `followed`: what each action led to, as far as it went."""
    blocks = [script.title] if script.title else []
    for number, action in enumerate(script.actions):
        lines = followed[number] if number < len(followed) else []
        blocks.append([*action.notes, action.line, *lines])
    blocks.append([*script.last_notes, *end])
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"
