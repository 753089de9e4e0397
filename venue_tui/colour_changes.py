"""What is painted, in fewer bytes: of two pieces in a row only what the second looks otherwise by.

Each piece comes with all its colours before it and with their end after it, which is more than half
of what goes over a slow line for a mark.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_PIECE = re.compile(r"(\x1b\[0m(\x1b\[\d+;\d+H)?)?\x1b\[([1-9][\d;]*)m")
"""The beginning of a piece: with the end of the one before it and a move of the cursor between,
where nothing else stands there."""
_BOLD, _DIM, _NEITHER = "1", "2", "22"


class _Look(NamedTuple):
    attributes: frozenset[str]
    front: str = "39"
    back: str = "49"


def fewer_bytes(painted: str) -> str:
    """The same to a terminal that is in no colour yet."""
    before = ""

    def begin(piece: re.Match[str]) -> str:
        nonlocal before
        follows, move, now = piece.groups()
        was, before = before, now
        return (move or "") + _change(was, now) if follows and was else piece.group()

    return _PIECE.sub(begin, painted)


@lru_cache(maxsize=4096)
def _change(was: str, now: str) -> str:
    """What turns one look into another."""
    old, new = _look(was), _look(now)
    gone, come = old.attributes - new.attributes, new.attributes - old.attributes
    if gone - {_BOLD, _DIM}:
        return f"\x1b[0;{now}m"
    codes = [_NEITHER] if gone else []
    codes += sorted(come | (new.attributes & {_BOLD, _DIM} if gone else set()))
    codes += [new.front] if new.front != old.front else []
    codes += [new.back] if new.back != old.back else []
    return f"\x1b[{';'.join(codes)}m" if codes else ""


@lru_cache(maxsize=1024)
def _look(codes: str) -> _Look:
    attributes: set[str] = set()
    front, back = "39", "49"
    left = iter(codes.split(";"))
    for code in left:
        colour = code
        if code in ("38", "48"):
            kind = next(left, "5")
            numbers = (next(left, "0") for _ in range(3 if kind == "2" else 1))
            colour = ";".join([code, kind, *numbers])
        number = int(code)
        if 30 <= number < 40 or 90 <= number < 98:
            front = colour
        elif 40 <= number < 50 or 100 <= number < 108:
            back = colour
        else:
            attributes.add(code)
    return _Look(frozenset(attributes), front, back)
