"""Every error that a person can mend, said as: where · what · what to do.

Never catches a bug: what is not listed here keeps its traceback.
"""

import errno
import os
import sys

from bot import scripts
from bot.channels.account import AccountError
from bot.cli.findings import words_for
from bot.cli.here import DIALOGS, no_scripts
from bot.cli.output import say
from bot.cli.refused import Complaint, Refused
from bot.config import BadSettings
from bot.core.finding import Finding
from bot.runner.library import NoRelease
from storage.faults import BadBackup, BadKeyFile, StoreFault, WrongKey

EXPECTED = (Refused, BadSettings, scripts.BrokenScript, NoRelease, StoreFault, AccountError, OSError)
SEE = "see docs/operators.md, When something is wrong"


def report(error: Exception) -> int:
    """Write the complaints of an expected error to standard error; the exit status."""
    if isinstance(error, BrokenPipeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    for complaint in complaints(error):
        say(f"{complaint.where} · {complaint.what} · {complaint.cure}")
    return error.status if isinstance(error, Refused) else 1


def complaints(error: Exception) -> tuple[Complaint, ...]:
    """What an expected error says to the person at the keyboard."""
    match error:
        case Refused():
            return (error.complaint,)
        case BadSettings():
            return tuple(Complaint(problem.where, problem.what, problem.cure) for problem in error.problems)
        case scripts.BrokenScript(findings=findings) if _no_files(findings):
            return (no_scripts(),)
        case scripts.BrokenScript(findings=findings):
            words = words_for({})
            told = (scripts.explain(one, words, "en") for one in findings if one.severity == "error")
            return tuple(Complaint(where, problem, cure) for where, problem, cure in told)
        case NoRelease():
            return (
                Complaint("the store", "it holds no live Release", "run spean script import, or spean run"),
            )
        case WrongKey() | BadKeyFile():
            return (_told("[storage] master_key_file", error),)
        case BadBackup():
            return (_told("the backup", error),)
        case StoreFault():
            return (_told("[storage] url", error),)
        case AccountError():
            return (_told("[telegram]", error),)
        case OSError():
            return (_of_system(error),)
        case _:
            raise error


def _no_files(findings: tuple[Finding, ...]) -> bool:
    """Whether it was looked for scripts where there are none: every file that must be there is missing."""
    return not DIALOGS.is_dir() and {one.problem for one in findings} == {"check.missing-file"}


def _told(where: str, error: Exception) -> Complaint:
    """A fault whose message says what is wrong and then, after a full stop or a colon, what to do."""
    what, _, cure = str(error).partition(". ")
    if not cure:
        what, _, cure = str(error).rpartition(": ")
    return Complaint(where, what or cure, cure if what else SEE)


def _of_system(error: OSError) -> Complaint:
    where = str(error.filename or "this machine")
    match error.errno:
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return Complaint(
                where, "Spean may not write or read here", "give its user the right, or choose another place"
            )
        case errno.ENOSPC | errno.EDQUOT:
            return Complaint(
                where, "the disk is full", "make room, then start again: nothing committed is lost"
            )
        case errno.ENOENT:
            return Complaint(where, "there is no such file or folder", "check the name")
        case _:
            return Complaint(where, str(error.strerror or error), SEE)
