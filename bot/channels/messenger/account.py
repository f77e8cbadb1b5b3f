"""The errors of a Page that cannot work as it is set up.

Never prints a token or a secret, and never the platform's own words.
"""

# ruff: noqa: N818 - errors are named as what happened

from bot.channels.account import AccountError


class BadPageToken(AccountError):
    """The Page's token, or the app's secret that proves it, is wrong, expired or revoked."""

    def __init__(self, graph_base: str, number: str) -> None:
        super().__init__(
            f"messenger.page_token was refused by {graph_base} ({number}): make a new token of the Page in "
            "the app's Messenger settings, check that messenger.app_secret is of the same app, put both into "
            "bot.toml or the environment, and start again"
        )


class NoSuchPage(AccountError):
    """The Page is not there, or the token is of another one."""

    def __init__(self, page_id: str) -> None:
        super().__init__(
            f"the platform shows no Page {page_id} to messenger.page_token: write the number of the token's "
            "own Page into messenger.page_id"
        )


class NoPermission(AccountError):
    """The app may not do this for the Page."""

    def __init__(self, what: str, number: str) -> None:
        super().__init__(
            f"the platform does not let the app {what} ({number}): give it pages_messaging and "
            "pages_manage_metadata for this Page in its App Review, then make a new page token"
        )


class PageRestricted(AccountError):
    """The platform has restricted the Page."""

    def __init__(self, number: str) -> None:
        super().__init__(
            f"the platform has restricted the Page ({number}): open Page Quality on Facebook, follow what it "
            "asks for, and start again"
        )


class GraphUnreachable(AccountError):
    """Nobody answers at `graph_base`, or something that is not the Graph API."""

    def __init__(self, graph_base: str, reason: str) -> None:
        super().__init__(
            f"messenger.graph_base {graph_base} cannot be reached ({reason}): check the network, and "
            "messenger.graph_base in bot.toml"
        )


class SetupRefused(AccountError):
    """The platform refused a setting: words break a rule, the version is over, or the proof is wrong."""

    def __init__(self, what: str, reason: str) -> None:
        super().__init__(
            f"Messenger refused {what} ({reason}): check messenger.app_secret and messenger.graph_version, "
            "then the words bot.greeting and bot.command.*"
        )
