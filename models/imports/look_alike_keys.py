"""Keys that look like one that is recorded and aren't: what spreadsheets and hands make of them.

A staff number that lost its zeros would be a staffer of its own, charged with every absence.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping

from models.storage.database import execute
from models.values.datasets import Dataset

_UNSEEN = re.compile("[\\s\u00ad\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufe00-\ufe0f\ufeff\u3000]")
_DECIMALS = re.compile(r"\.0+$")
_LETTERS_FOR_DIGITS = str.maketrans("oil", "011")
_LONGEST_NUMBER = 12
_TOGETHER = 500

TOTALS = frozenset(
    ("合计", "总计", "小计", "共计", "合計", "總計", "小計", "total", "sum", "subtotal")
)
"""What the last line of a sheet says in place of a key."""


def skeleton(key: str) -> str:
    """What remains of a key without its looks: keys of one skeleton are easily taken for each
    other. Width, case, invisible characters, a trailing `.0` and leading zeros don't count, and
    O is 0, I and l are 1."""
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", key)).casefold()
    text = _DECIMALS.sub("", text).translate(_LETTERS_FOR_DIGITS)
    return text.lstrip("0") or "0" if text.isdigit() else text


def by_skeleton(keys: Iterable[str]) -> dict[str, str]:
    """Keys by their skeletons; of those that share one, the first."""
    found: dict[str, str] = {}
    for key in keys:
        found.setdefault(skeleton(key), key)
    return found


def recorded_look_alikes(dataset: Dataset, new: Iterable[str]) -> Mapping[str, str]:
    """For new keys of a dataset that may be long, those that are recorded and look alike: sought
    by what may have become of them, so that not every key there ever was is read."""
    sought: dict[str, str] = {}
    for key in new:
        if key.isupper() and key.isalnum() and key.isascii():
            sought.setdefault(key.lower(), key)  # as nearly all of them are
            continue
        for variant in _variants(key):
            sought.setdefault(variant, key)
    found: dict[str, str] = {}
    [column] = dataset.key
    for some in _batched(list(sought)):
        marks = ", ".join("?" * len(some))
        sql = f"SELECT {column} FROM {dataset.name} WHERE {column} IN ({marks})"
        found.update((sought[stored], stored) for (stored,) in execute(sql, some).fetchall())
    return found


def _variants(key: str) -> set[str]:
    if key.isascii() and key.isalnum() and not key.isdigit():
        return {key.upper(), key.lower()} - {key}
    text = _UNSEEN.sub("", unicodedata.normalize("NFKC", key))
    text = _DECIMALS.sub("", text)
    variants = {text, text.upper(), text.lower()}
    if text.isdigit():
        digits = text.lstrip("0")
        variants |= {digits.zfill(width) for width in range(1, _LONGEST_NUMBER + 1)}
    variants.discard(key)
    variants.discard("")
    return variants


def _batched(keys: list[str]) -> Iterable[list[str]]:
    return (keys[at : at + _TOGETHER] for at in range(0, len(keys), _TOGETHER))
