"""In which encoding each file of an import was written.

Bytes that decode prove nothing: nearly all Big5 and much Latin-1 decodes as GB18030, and the GBK
bytes of seventeen of the hundred commonest surnames are UTF-8 of other letters. So what is decoded
is weighed, by headers and names that are known and by how common its characters are, and files that
say too little by themselves are read as the others of the same import.
"""

import codecs
import re
from collections.abc import Callable, Container, Iterable, Sequence
from functools import cache
from itertools import islice
from typing import NamedTuple

from models.values.datasets import WORDS, plain
from models.values.problems import Problem, problem

_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_CANDIDATES = ("utf-8", "gb18030", "big5hkscs", "cp1252")
"""Where two are as likely, the earlier. The last is recognised only in order to be refused."""

_THREE_BYTES = re.compile(b"[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xe0[\xa0-\xbf][\x80-\xbf]")
_SURELY_UTF8 = 3
"""So many characters of three bytes: common Chinese in other encodings never makes one."""

_LONG = re.compile(_THREE_BYTES.pattern + b"|[\xf0-\xf4][\x80-\xbf]{3}")

_DECISIVE = 6
"""By so much must one encoding outweigh another for a file to be read unlike the others."""

_SENSELESS = -3
"""What weighs less is no text in that encoding, but damage."""

_MOST_CELLS = 2_000
"""So many different cells that are not ASCII are weighed."""

_SEPARATORS = re.compile('[,;\t\r\n"]+')
_SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈"
    "钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱侯江尹薛闫段雷龙黎史陶贺毛郝顾龚邵万覃武钱戴严欧莫孔向常汤樊单解查区"
    "仇翟尉阿張劉陳楊黃趙吳孫馬羅鄭謝許鄧韓馮葉蘇呂盧鍾譚陸範韋賈鄒閆龍賀顧龔萬錢嚴歐湯單"
)


class Encoding(NamedTuple):
    """How to decode a file, as for `open`."""

    codec: str
    errors: str = "strict"


UTF8 = Encoding("utf-8")


class Unreadable(Exception):
    """The file can't be read as text, from `line` on."""

    def __init__(self, line: int, problem: Problem) -> None:
        super().__init__(str(problem))
        self.line = line
        self.problem = problem


def encodings_of(
    files: Sequence[bytes], headers: Container[str], names: Callable[[], Container[str]]
) -> list[Encoding | Unreadable]:
    """The encoding of each CSV file of an import, or why it has none that is read. `headers` are
    those of all datasets, as `plain` gives them; `names` gives those on the roster.

    Where a UTF-8 file is damaged, its broken bytes are to be read as surrogates, so that their
    cells can be named.
    """
    found: list[Encoding | Unreadable | None] = [_declared(data) for data in files]
    if None not in found:
        return [each for each in found if each is not None]
    known = names()
    weights = [
        None if each is not None and each is not UTF8 else _weights(data, headers, known)
        for data, each in zip(files, found, strict=True)
    ]
    weighed = [each for each in weights if each]
    together = max(
        _CANDIDATES,
        key=lambda candidate: sum(each.get(candidate, -_DECISIVE * 10) for each in weighed),
    )
    answers: list[Encoding | Unreadable] = []
    for data, each, weight in zip(files, found, weights, strict=True):
        answers.append(each if each is not None else _answer(data, weight or {}, together))
    return answers


def _declared(data: bytes) -> Encoding | Unreadable | None:
    """What a file says of itself by its mark or by all of its bytes; None where it is doubtful."""
    if data.startswith(_UTF16):
        return _decoding(data, "utf-16")
    if (sixteen := _unmarked_utf16(data)) is not None:
        return _decoding(data, sixteen)
    if data.startswith(codecs.BOM_UTF8):
        return Encoding("utf-8", "surrogateescape")
    if data.isascii():
        return UTF8
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        return Encoding("utf-8", "surrogateescape") if _is_damaged_utf8(data, error) else None
    some = islice(_THREE_BYTES.finditer(data), _SURELY_UTF8)
    return UTF8 if sum(1 for _ in some) == _SURELY_UTF8 else None


def _decoding(data: bytes, codec: str) -> Encoding | Unreadable:
    try:
        data.decode(codec)
    except UnicodeDecodeError:
        return Unreadable(1, problem("", "the file is UTF-16 and cut off or damaged"))
    return Encoding(codec)


def _unmarked_utf16(data: bytes) -> str | None:
    start = data[:200]
    if len(start) < 4 or len(data) % 2:
        return None
    even, odd = start[::2].count(0), start[1::2].count(0)
    if even == 0 and odd > len(start) // 4:
        return "utf-16-le"
    if odd == 0 and even > len(start) // 4:
        return "utf-16-be"
    return None


def _is_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether the file is UTF-8 but for some bytes. Decoded as GB18030 it would often give no
    error, only wrong names."""
    whole = len(_THREE_BYTES.findall(data))
    if error.reason == "unexpected end of data" and error.end == len(data):
        return whole > 0
    broken = data.decode("utf-8", "replace").count("\ufffd")
    return whole > broken


def _weights(data: bytes, headers: Container[str], names: Container[str]) -> dict[str, float]:
    """How much speaks for each encoding in which the file can be read at all."""
    weights = {}
    for candidate in _CANDIDATES:
        if candidate == "cp1252" and "utf-8" in weights:
            break
        try:
            text = data.decode(candidate)
        except UnicodeDecodeError:
            continue
        cells = dict.fromkeys(
            each for each in _SEPARATORS.split(text) if each and not each.isascii()
        )
        some = list(cells)[:_MOST_CELLS]
        weights[candidate] = sum(_weight(cell, headers, names) for cell in some)
        if candidate == "utf-8":
            weights[candidate] += 2 * len(_LONG.findall(data))
        elif candidate == "cp1252":
            weights[candidate] -= sum(_DECISIVE for cell in some if not _is_european(cell))
    return weights


def _is_european(cell: str) -> bool:
    letters = [char for char in cell if char.isalpha()]
    return sum(char.isascii() for char in letters) * 2 >= len(letters) > 0


def _answer(data: bytes, weights: dict[str, float], together: str) -> Encoding | Unreadable:
    best = max(weights, key=lambda candidate: weights[candidate], default=None)
    if best is None:
        return _no_encoding(data)
    if together in weights and weights[best] - weights[together] < _DECISIVE:
        best = together
    if weights[best] < _SENSELESS and "utf-8" in weights:
        best = "utf-8"
    if best == "cp1252" or (best != "utf-8" and weights[best] < _SENSELESS):
        return _no_encoding(data)
    return Encoding(best)


def _no_encoding(data: bytes) -> Unreadable:
    line = 1
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    return Unreadable(
        line, problem("", "the file is neither UTF-8, UTF-16, GB18030 nor Big5: save it as UTF-8")
    )


def _weight(cell: str, headers: Container[str], names: Container[str]) -> float:
    """How likely it is that somebody wrote this cell, which is not all ASCII."""
    text = cell.strip()
    weight = 20.0 if text in names or plain(text) in headers else 0.0
    if plain(text) in _words():
        weight += 5
    if 2 <= len(text) <= 4 and text[0] in _SURNAMES and all(map(_is_han, text)):
        weight += 4
    return weight + sum(_weights_of_letters(text))


def _weights_of_letters(marked: str) -> Iterable[float]:
    text = "".join(char for char in marked if char.isascii() or not _is_mark(char))
    yield 0.5 * (len(marked) - len(text)) if text else -2.0
    before = ""
    for at, char in enumerate(text):
        after = text[at + 1 : at + 2]
        if char.isascii():
            before = char
            continue
        beside = [each for each in (before, after) if each]
        latin = [each for each in beside if each.isascii() and each.isalpha()]
        if _is_han(char):
            yield 0.0 if len(text) == 1 else 1.0 if _is_everyday(char) else -1.0
            if any(each.islower() for each in latin) or len(latin) == 2:
                yield -2.0
            if not _is_everyday(char) and any(each.isascii() and each.isalnum() for each in beside):
                yield -3.0  # as in V01姂, of which the last two bytes are damage
        elif char.isalnum():
            # Words are of one script: `Müller`, `Иван`, but not a Hebrew letter beside a Greek one.
            near = [each for each in beside if each.isalpha() or each.isalnum() > each.isascii()]
            alike = all(_script(each) == _script(char) for each in near)
            yield 0.0 if len(text) == 1 else 1.0 if alike and near else -2.0
        elif not char.isprintable():
            yield -0.5 if char < "\xa0" else -3.0 if _is_format(char) else -5.0
        elif _script(char) == "punctuation":
            yield 0.5
        else:
            yield -4.0 if any(each.isascii() and each.isalnum() for each in beside) else -0.5
        before = char


def _is_han(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff" or "\U00020000" <= char <= "\U0003ffff"


@cache
def _script(char: str) -> str:
    import unicodedata  # only for files that are doubtful

    if "\u3000" <= char <= "\u303f" or "\uff00" <= char <= "\uffef" or char in "“”‘’…—·":
        return "punctuation"
    return unicodedata.name(char, "?").split(" ")[0]


@cache
def _is_format(char: str) -> bool:
    """Whether it only says how others are shown; what else isn't printable is no character."""
    from unicodedata import category

    return category(char) == "Cf"


@cache
def _is_mark(char: str) -> bool:
    from unicodedata import category

    return category(char).startswith("M")


@cache
def _words() -> frozenset[str]:
    return frozenset(WORDS.values())


@cache
def _is_everyday(char: str) -> bool:
    """Whether the first level of either national standard, its common characters, has it."""
    for standard, first, last in (("gb2312", 0xB0A1, 0xD7F9), ("big5", 0xA440, 0xC67E)):
        try:
            code = int.from_bytes(char.encode(standard), "big")
        except UnicodeEncodeError:
            continue
        if first <= code <= last:
            return True
    return False
