"""In which encoding a file was written: UTF-8 or GB18030, and never a wrong guess."""

import codecs
import re
from collections import Counter
from collections.abc import Container

from models.values.datasets import plain
from models.values.problems import Problem, problem

_NOT_ASCII = re.compile("[^\x00-\x7f]")
_THREE_BYTES = re.compile("[\u0800-\U0010ffff]")


class Unreadable(Exception):
    """The file can't be read as text, from `line` on."""

    def __init__(self, line: int, problem: Problem) -> None:
        super().__init__(str(problem))
        self.line = line
        self.problem = problem


def encoding_of(data: bytes, headers: Container[str]) -> tuple[str, str]:
    """The encoding of a CSV file and the way to handle its errors, as for `open`. `headers` are
    those that the file may have.

    Where a UTF-8 file is damaged, its broken bytes are to be read as surrogates, so that their
    cells can be named. Raises Unreadable for any other encoding.
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Unreadable(1, problem("", "the file is UTF-16: save it as UTF-8"))
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _is_damaged_utf8(data, error):
            return "utf-8-sig", "surrogateescape"
        _refuse_other_than_gb18030(data, headers)
        return "gb18030", "strict"
    return "utf-8-sig", "strict"


def _is_damaged_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether the file is UTF-8 but for some bytes. Decoded as GB18030 it would often give no
    error, only wrong names."""
    cut_off = error.reason == "unexpected end of data"
    if cut_off or data.startswith(codecs.BOM_UTF8):
        return True
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    # Hardly any Chinese character of GB18030 or Big5 is a UTF-8 sequence of three bytes.
    return len(_THREE_BYTES.findall(text)) - broken > broken


def _refuse_other_than_gb18030(data: bytes, headers: Container[str]) -> None:
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        if not _is_big5(data):
            line = len((data[: error.start] + b".").splitlines())
            raise Unreadable(
                line, problem("", "the file is neither UTF-8 nor GB18030: save it as UTF-8")
            ) from None
    else:
        header = text.lstrip("\r\n").partition("\n")[0].strip("\r").replace('"', "").split(",")
        if any(plain(word) in headers and not word.isascii() for word in header) or not _is_big5(
            data
        ):
            return
    raise Unreadable(
        1, problem("", "the file seems to be Big5, which is not read: save it as UTF-8")
    )


def _is_big5(data: bytes) -> bool:
    """Whether Chinese text makes more sense as Big5 than as GB18030, as which it nearly always
    decodes without an error, to rare characters."""
    as_big5, as_gb18030 = (
        sum(count for char, count in found.items() if _is_everyday(char))
        for found in (
            Counter(_NOT_ASCII.findall(data.decode(encoding, "replace")))
            for encoding in ("big5hkscs", "gb18030")
        )
    )
    return as_big5 > as_gb18030


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
