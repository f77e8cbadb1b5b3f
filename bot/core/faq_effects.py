"""What should follow from answers known by heart; `effects` names them beside all others.

Never tells whose question nothing answers, and never performs anything.
"""

from dataclasses import dataclass

from bot.core.faq import Saying


@dataclass(frozen=True, slots=True)
class AnswerShown:
    """An entry was shown: which, in what words (`version`), and how much of it was asserted."""

    entry: str
    version: str
    saying: Saying


@dataclass(frozen=True, slots=True)
class AnswerJudged:
    """The person says whether that answer helped."""

    entry: str
    helped: bool


@dataclass(frozen=True, slots=True)
class QuestionMissed:
    """Nothing answers these words: staff see them, nobody sees whose they are."""

    words: str
