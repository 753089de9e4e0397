"""What goes wrong with the machine in the middle of the work: a full disk, a file that may not be
written, a server that can't be reached. Each becomes a sentence for a person."""

from typing import NamedTuple

from peewee import DatabaseError, OperationalError

from models.values.problems import Code, Problem, Refused, problem, refused

_BUSY = problem(
    "database", "other terminals kept the database busy, so this was not saved: try again"
)


class Holder(NamedTuple):
    """Who has the turn that others wait for: what their terminal is called, and for how many
    seconds they have had it."""

    who: str
    seconds: int


def busy(holder: Holder | None) -> Refused:
    """What to say to whoever waited for their turn in vain."""
    if holder is None:
        return Refused(_BUSY)
    return refused(
        "database",
        "%(who)s has been recording for %(seconds)s seconds, so this was not saved: try again once"
        " it is through, or end it there if it hangs",
        **holder._asdict(),
    )


_READ_ONLY = problem(
    "database",
    "the database may not be written, so this was not saved: its file, the -wal or -shm file beside"
    " it, or their folder is read-only",
)


def damaged(why: object) -> Problem:
    """What to say of a database that can't be worked with."""
    return problem(
        "database",
        "the database is damaged (%(why)s): put it aside, and restore a backup in its place",
        why=why,
    ).coded(Code.DAMAGED)


_BY_SQLITE_CODE: dict[int, Problem] = {
    3: _READ_ONLY,  # SQLITE_PERM
    5: _BUSY,
    6: _BUSY,  # SQLITE_LOCKED
    8: _READ_ONLY,
    10: problem("database", "the disk failed (%(why)s), so this was not saved"),  # SQLITE_IOERR
    11: damaged(""),  # SQLITE_CORRUPT
    13: problem("database", "the disk is full, so this was not saved: make room and try again"),
    14: problem("database", "the database can't be opened (%(why)s)"),
    26: damaged(""),  # SQLITE_NOTADB
}
_LOCKED = (5, 6)
_FULL = 13
_NO_ROOM_BESIDE = 10 | 19 << 8
"""SQLITE_IOERR_SHMSIZE: the disk has no room for the file beside the database."""
_LOCK_WAITED = "55P03"
_WAITED = (_LOCK_WAITED, "57014")
"""What PostgreSQL says of a lock, and of a statement, that was waited for long enough."""
_SERVER = problem(
    "database",
    "the database server failed (%(why)s): look whether this was saved, and try again",
)


class TurnTaken(Exception):
    """Others write, and the thread of a screen waits for nobody: nothing was done of the change,
    which is to be made again once it may be its turn."""

    def __init__(self) -> None:
        super().__init__()
        self.refusal = Refused(_BUSY)
        """What to say where it isn't."""


def is_locked(error: Exception) -> bool:
    """Whether what went wrong is that others held the database for too long."""
    original = getattr(error, "orig", error)
    code = getattr(original, "sqlite_errorcode", None)
    if code is not None:
        return code & 0xFF in _LOCKED
    return getattr(original, "sqlstate", None) == _LOCK_WAITED


def is_full(error: Exception) -> bool:
    """Whether what went wrong is that the disk is full."""
    code = getattr(getattr(error, "orig", error), "sqlite_errorcode", None)
    return code in (_FULL, _NO_ROOM_BESIDE)


def refusal(error: DatabaseError) -> Refused | None:
    """What a database error means to a person; None for one that the program is to blame for."""
    original = getattr(error, "orig", None)
    code = getattr(original, "sqlite_errorcode", None)
    found = None
    if is_full(error):
        found = _BY_SQLITE_CODE[_FULL]
    elif code is not None:
        found = _BY_SQLITE_CODE.get(code & 0xFF)
    elif getattr(original, "sqlstate", None) in _WAITED:
        found = _BUSY
    elif original is not None and isinstance(error, OperationalError):
        found = _SERVER
    if found is None:
        return None
    why = (str(original).strip() or type(original).__name__).splitlines()[0]
    return Refused(found._replace(values=(("why", why),)))
