"""What can go wrong with the store as a whole, each with a message that names the cure; and with one cell.

Never used for what is expected: an unknown person or a taken case is a value, not a fault.
"""


class StoreFault(Exception):  # noqa: N818 - a fault, as the field says
    """The store cannot do its work; `str()` says why and what to do.

    The work was rolled back, or nobody could confirm its commit (a connection lost at that moment).
    """


class StoreBusy(StoreFault):
    """Another process serves or writes this store."""


class StoreCorrupt(StoreFault):
    """The file is damaged or is no Spean store. It was left as it is."""


class StoreFull(StoreFault):
    """No room to write."""


class StoreDown(StoreFault):
    """The database cannot be reached, opened or written."""


class SchemaBehind(StoreFault):
    """The store's tables are of another version."""


class WrongKey(StoreFault):
    """The master key is not the one that sealed this store."""


class BadKeyFile(StoreFault):
    """The master key's file cannot be used."""


class BadBackup(StoreFault):
    """A backup that cannot be used, or not now."""


class DamagedCell(Exception):  # noqa: N818 - not a StoreFault: the rest of the store goes on
    """One cell does not open: it was moved or changed, or another key sealed it. Only its row is harmed."""
