"""GB18030 and Big5 decode each other without an error, to other characters."""

import pytest

from models.values.datasets import DATASETS
from tests.exchange.samples import Read, problems
from venue_tui.exchange.encodings import Encoding, encodings_of

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
HEADERS = frozenset(header for each in DATASETS.values() for header in each.headers)


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
def test_big5(read: Read, names: list[str], header: str) -> None:
    table = read("staff", staff(names, header).encode("big5"))
    assert problems(table) == []
    assert table.columns["name"] == names
    assert [str(each) for each in table.read_as] == ["read as Big5"]


def test_big5_would_decode_as_gb18030() -> None:
    assert staff(TRADITIONAL_NAMES, TRADITIONAL).encode("big5").decode("gb18030")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le"])
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_utf16(read: Read, encoding: str, bom: str) -> None:
    text = (bom + staff(SIMPLIFIED_NAMES, CHINESE)).replace(",", "\t").encode(encoding)
    table = read("staff", text)
    assert problems(table) == []
    assert table.columns["name"] == SIMPLIFIED_NAMES
    cut = read("staff", b"\xff\xfe" + text[2:-1])
    assert problems(cut) == ["staff.csv:1: the file is UTF-16 and cut off or damaged"]


@pytest.mark.parametrize("data", [b"S1,\xff\xff\xfe\x80", "S1,CAÑETE".encode("latin-1")])
def test_what_is_in_no_encoding_that_is_read(read: Read, data: bytes) -> None:
    table = read("staff", ENGLISH.encode() + data + b",staff,2026-01-01,1\n")
    assert problems(table) == [
        "staff.csv:2: the file is neither UTF-8, UTF-16, GB18030 nor Big5: save it as UTF-8"
    ]


SURNAMES = (
    "王李张刘陈杨黄吴赵周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭肖蔡潘田董袁于余蒋叶杜苏魏程吕丁沈任姚卢钟姜"
    "崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白毛江闫薛尹付段雷黎史龙钱贺陶顾龚郝邵万严洪赖武傅莫孔汤"
)
GIVEN = "伟强敏芳静磊军洋勇艳杰涛明超霞平刚文轩雨萍"


def guessed(text: str, encoding: str, names: frozenset[str] = frozenset()) -> str:
    [answer] = encodings_of([text.encode(encoding)], HEADERS, lambda: names)
    return answer.codec if isinstance(answer, Encoding) else str(answer)


@pytest.mark.parametrize("surname", SURNAMES)
def test_a_single_name_is_read_as_it_was_written(surname: str) -> None:
    for given in GIVEN:
        for name in (surname + given, surname + given * 2):
            for encoding in ("utf-8", "gb18030"):
                assert guessed(staff([name], ENGLISH), encoding) == encoding, name


@pytest.mark.parametrize(
    "name",
    [
        "Müller",
        "José Álvarez",
        "CAÑETE",
        "Łukasz",
        "Иван Петров",
        "Αλέξανδρος",
        "محمد",
        "דוד",
        "😀",
    ],
)
def test_names_of_other_scripts_are_utf8(name: str) -> None:
    assert guessed(staff([name], ENGLISH), "utf-8") == "utf-8"


def test_a_file_that_says_too_little_is_read_as_the_others_or_as_the_roster_says() -> None:
    vague = "places\n\u7fa4\n".encode("gb18030")  # also a letter in UTF-8
    assert vague.decode()
    for encoding in ("utf-8", "gb18030"):
        telling = staff(SIMPLIFIED_NAMES, ENGLISH).encode(encoding)
        answers = encodings_of([vague, telling], HEADERS, frozenset)
        assert answers == [Encoding(encoding), Encoding(encoding)]
    [answer] = encodings_of([vague], HEADERS, lambda: {"群"})
    assert answer == Encoding("gb18030")


def test_files_of_one_import_may_differ_where_they_say_so() -> None:
    files = [staff(SIMPLIFIED_NAMES, ENGLISH).encode(each) for each in ("utf-8", "gb18030")]
    answers = encodings_of(files, HEADERS, frozenset)
    assert answers == [Encoding("utf-8"), Encoding("gb18030")]


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
