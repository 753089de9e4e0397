"""What this terminal saw of each venue's audit trail, kept outside of the venue.

Whoever can write to the database can cut the end off the trail, or write all of it anew, links and
all, and no look at the database alone shows it. But the head that a terminal saw must stay on the
trail for ever: each terminal keeps the last one, in a file of its user's, and says when it is gone.
A key that is kept outside too makes seals (HMAC-SHA-256) of heads that are printed or sent away.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from models.storage import audit
from models.storage.database import Read, database, execute, is_sqlite
from models.values import files
from models.values.folders import user_folder
from models.values.problems import Problem, problem, refused

_MOST = 200
"""Of how many databases heads are kept, the latest ones."""

_HEADS = "heads.json"
_LARGEST = 64 * 1024 * 1024
_LARGEST_KEY = 1024

Head = tuple[int, str]


def _file(name: str = _HEADS) -> Path:
    return user_folder("state") / name


def _place() -> str:
    """Which database is open: where it is, whatever it holds."""
    if is_sqlite():
        return f"sqlite:{Path(database.obj.database).resolve()}"
    connection = database.obj.connection().info
    return f"postgresql:{connection.host}:{connection.port}/{connection.dbname}"


def _kept(file: Path) -> dict[str, Any]:
    try:
        kept = json.loads(files.regular_bytes(file, _LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return kept if isinstance(kept, dict) else {}


def kept(name: str) -> Any:
    """What this terminal keeps of the open venue in a file of that name; None: nothing."""
    return _kept(_file(name)).get(_place())


def keep(name: str, value: Any) -> None:
    """Keeps something of the open venue, None for nothing, in a file of that name beside those of
    other venues. A terminal that can keep nothing works all the same."""
    place, file = _place(), _file(name)
    known = _kept(file)
    known.pop(place, None)
    if value is not None:
        known[place] = value  # the latest ones stand last
    with suppress(OSError):
        files.keep(file, json.dumps(dict(list(known.items())[-_MOST:])))


def seen() -> Head | None:
    """The last head that this terminal saw of the open venue; None where it saw none."""
    head = kept(_HEADS)
    if (
        isinstance(head, list)
        and len(head) == 2
        and isinstance(head[0], int)
        and isinstance(head[1], str)
    ):
        return head[0], head[1]
    return None


def seen_reads() -> Iterator[Read]:
    """What `look` reads besides the trail's head."""
    head = seen()
    if head is not None and head[0] != 0:
        yield audit.hash_read(head[0])


def lost() -> Problem | None:
    """What to say where the trail no longer contains the last head that this terminal saw; None
    where it does, and where none was seen yet."""
    return _lost(seen())


def _lost(head: Head | None) -> Problem | None:
    if head is None or head[0] == 0 or audit.contains(head):
        return None
    values = {"line": head[0], "hash": head[1][:16]}
    if (restored := _restored_over(head)) is not None:
        # Whoever can cut the trail can write such a line, too: it explains, and excuses nothing.
        return problem(
            "audit",
            "the audit trail no longer contains line %(line)s (%(hash)s), which this terminal saw:"
            " by line %(restored)s %(who)s restored a backup; if that is so, «venue-tui audit"
            " accept» takes it as it is",
            restored=restored[0],
            who=restored[1],
            **values,
        )
    return problem(
        "audit",
        "the audit trail no longer contains line %(line)s (%(hash)s), which this terminal saw: its"
        " end was cut off, it was written anew, or another database lies in its place",
        **values,
    )


def _restored_over(head: Head) -> tuple[int, str] | None:
    """The line, and who wrote it, by which a backup was put in the place of a trail as long as
    that."""
    sql = "SELECT seq, who, before FROM audit WHERE action = 'venue.restored' ORDER BY seq DESC"
    for seq, who, before in execute(sql).fetchall():
        with suppress(ValueError, TypeError, AttributeError):  # of a line that was tampered with
            if int(json.loads(before).get("lines", 0)) >= head[0]:
                return seq, who
    return None


def look() -> Problem | None:
    """`lost`; where nothing is, this terminal has seen the head as it is now."""
    last = seen()
    found = _lost(last)
    if found is None:
        _accept(last)
    return found


def accept() -> None:
    """Takes the trail as it is for the true one, whatever this terminal saw before."""
    _accept(seen())


def _accept(last: Head | None) -> None:
    head = audit.head()
    if head != last:
        keep(_HEADS, head)


def forget() -> None:
    """Of a venue that is made now in the place of another nothing was seen."""
    keep(_HEADS, None)


def key_file() -> Path:
    """Where the key is that seals heads: as VENUE_TUI_AUDIT_KEY says, else beside the settings."""
    named = os.environ.get("VENUE_TUI_AUDIT_KEY")
    if named:
        return Path(named)
    return user_folder("config") / "audit.key"


def make_key() -> tuple[Path, bool]:
    """Where the sealing key is, and whether it was made only now. Raises Refused where it can't
    be written."""
    import secrets  # which hardly any command needs

    path = key_file()
    try:
        files.own_folder(path.parent)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path, False
    except OSError as error:
        raise refused(
            "key", "%(path)s can't be written: %(why)s", path=path, why=error.strerror
        ) from None
    with os.fdopen(handle, "w", encoding="ascii") as stream:
        stream.write(secrets.token_hex(32) + "\n")
    return path, True


def seal(hash: str) -> str | None:
    """The seal of a head by this terminal's key; None where it has none. Raises Refused where the
    key can't be read."""
    path = key_file()
    try:
        key = bytes.fromhex(files.regular_bytes(path, _LARGEST_KEY).decode("ascii").strip())
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        raise refused("key", "%(path)s can't be read as a key", path=path) from None
    import hmac  # which those without a key don't wait for

    return hmac.new(key, hash.encode(), "sha256").hexdigest()


def is_sealed(hash: str, given: str) -> bool:
    """Whether the seal is that of this head. Raises Refused where there is no key."""
    import hmac

    expected = seal(hash)
    if expected is None:
        raise refused("key", "there is no key: make one with «venue-tui audit key»")
    return hmac.compare_digest(expected, given.strip().lower())
