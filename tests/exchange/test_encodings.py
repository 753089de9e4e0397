"""GB18030 and Big5 decode each other without an error, to other characters."""

import pytest

from tests.exchange.samples import Read, problems

ENGLISH = "staff_no,name,position,hired_on,monthly_wage\n"
CHINESE = "工号,姓名,职位,入职日期,月薪\n"
TRADITIONAL = "工號,姓名,職位,入職日期,月薪\n"
SIMPLIFIED_NAMES = ["樊旭", "邓建华", "曾小贤", "尉迟恭", "欧阳娜娜", "吕小红", "阿卜杜拉·买买提"]
TRADITIONAL_NAMES = [
    "歐陽震華",
    "張偉",
    "梅進發",
    "黃建興",
    "畢家瑋",
    "陳麗珍",
    "單于小雲",
    "劉德華",
    "林國棟",
    "鄧麗君",
]
RARE_NAMES = ["䶮小叶", "𠮷田玉", "㛃姐", "堃哥", "喆喆", "犇犇"]
BIG5 = "staff.csv:1: the file seems to be Big5, which is not read: save it as UTF-8"


def staff(names: list[str], header: str) -> str:
    rows = (f"S{at},{name},staff,2026-01-01,3800\n" for at, name in enumerate(names))
    return header + "".join(rows)


@pytest.mark.parametrize("header", [ENGLISH, CHINESE])
@pytest.mark.parametrize("names", [SIMPLIFIED_NAMES, TRADITIONAL_NAMES, RARE_NAMES])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_in_every_encoding_that_is_read(
    read: Read, encoding: str, names: list[str], header: str
) -> None:
    table = read("staff", staff(names, header).encode(encoding))
    assert problems(table) == []
    assert table.columns["name"] == names


@pytest.mark.parametrize("name", [*SIMPLIFIED_NAMES, *TRADITIONAL_NAMES, *RARE_NAMES, "黄建興"])
def test_a_single_name_in_gb18030(read: Read, name: str) -> None:
    assert read("staff", staff([name], ENGLISH).encode("gb18030")).columns["name"] == [name]


@pytest.mark.parametrize("header", [ENGLISH, TRADITIONAL])
@pytest.mark.parametrize("names", [TRADITIONAL_NAMES, TRADITIONAL_NAMES[:2]])
def test_big5_is_refused(read: Read, names: list[str], header: str) -> None:
    table = read("staff", staff(names, header).encode("big5"))
    assert problems(table) == [BIG5]
    assert len(table) == 0


def test_big5_would_decode_as_gb18030() -> None:
    assert staff(TRADITIONAL_NAMES, TRADITIONAL).encode("big5").decode("gb18030")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
def test_utf16_is_refused(read: Read, encoding: str) -> None:
    bom = "" if encoding == "utf-16" else "\ufeff"
    table = read("staff", (bom + staff(SIMPLIFIED_NAMES, CHINESE)).encode(encoding))
    assert problems(table) == ["staff.csv:1: the file is UTF-16: save it as UTF-8"]


def test_what_is_no_encoding_at_all(read: Read) -> None:
    table = read("staff", ENGLISH.encode() + b"S1,\xff\xff\xfe\x80,staff,2026-01-01,1\n")
    assert problems(table) == [
        "staff.csv:2: the file is neither UTF-8 nor GB18030: save it as UTF-8"
    ]


def test_damaged_utf8_is_not_taken_for_gb18030(read: Read) -> None:
    data = staff(SIMPLIFIED_NAMES, ENGLISH).encode()
    data = data.replace("邓建华".encode(), "邓建华".encode()[:-1]).replace(b"S6,", b"S6\xff,")
    assert problems(read("staff", data)) == [
        "staff.csv:3: name: holds bytes that are not UTF-8",
        "staff.csv:8: staff_no: holds bytes that are not UTF-8",
    ]


def test_utf8_cut_off_in_a_character(read: Read) -> None:
    data = (ENGLISH + "S1,张").encode()[:-1]
    assert data.decode("gb18030").endswith("S1,寮")
    assert problems(read("staff", data)) == ["staff.csv:2: the row has 2 cells, and the header 5"]


def test_a_byte_order_mark_says_utf8(read: Read) -> None:
    data = b"\xef\xbb\xbf" + staff(["张伟"], ENGLISH).encode("gb18030")
    assert problems(read("staff", data)) == ["staff.csv:2: name: holds bytes that are not UTF-8"]
