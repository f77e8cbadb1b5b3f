"""An account of a platform that cannot work, for whoever shows it to the operator.

Never prints a token or a secret.
"""


class AccountError(Exception):
    """The account cannot work as configured; the message names the setting and the cure."""
