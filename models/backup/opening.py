"""Opening a venue so that what it holds is backed up before anything could lose it."""

from pathlib import Path

from models.storage.opening import Safekeeping, open_database


def open_venue(url: str, *, create: bool = False) -> None:
    """Opens the venue's database at `url` for this thread and brings its schema up to date.

    `create` makes a database where there is none, and is needed for one that is empty. Raises
    Refused where there is none, where it is not a venue's, where a newer program made it, or where
    it can't be opened.
    """
    open_database(url, Safekeeping(_before_migration, _rescue), create=create)


def _before_migration() -> Path:
    from models.backup.backup import before_migration  # which hardly any start needs

    return before_migration()


def _rescue() -> Path:
    from models.backup.backup import rescue

    return rescue()
