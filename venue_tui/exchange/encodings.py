"""In which encoding a file was written: UTF-8 or GB18030, and never a wrong guess."""

import codecs
import re
from collections.abc import Container

from models.problems import Problem, problem

_ENOUGH = 100_000
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
    # Big5 nearly always decodes as GB18030, to other characters: that it decodes proves nothing.
    try:
        text = data.decode("gb18030")
    except UnicodeDecodeError as error:
        line = len((data[: error.start] + b".").splitlines())
        raise Unreadable(
            line, problem("", "the file is neither UTF-8 nor GB18030: save it as UTF-8")
        ) from None
    header = text.lstrip("\r\n").partition("\n")[0].strip("\r").replace('"', "").split(",")
    if any(word in headers and not word.isascii() for word in header):
        return
    try:
        other = data.decode("cp950")
    except UnicodeDecodeError:
        return
    # The everyday characters of each encoding stand together, in code order.
    if _everyday(other, "cp950", 0xA440, 0xC67E) > _everyday(text, "gb18030", 0xB0A1, 0xD7FA):
        raise Unreadable(
            1, problem("", "the file seems to be Big5, which is not read: save it as UTF-8")
        )


def _everyday(text: str, encoding: str, first: int, last: int) -> int:
    found = 0
    for char in _NOT_ASCII.findall(text)[:_ENOUGH]:
        code = char.encode(encoding)
        # Everyday GB18030 (that is, GB 2312) has both bytes above 0xA0; Big5 has not.
        found += (
            len(code) == 2
            and first <= int.from_bytes(code, "big") <= last
            and (encoding != "gb18030" or code[1] > 0xA0)
        )
    return found
