"""Finding people by the initials of their names."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest

from models.values.pinyin import initials, matches

DATA = Path(__file__).parents[2] / "data"
with (DATA / "polyphone_surnames.csv").open(encoding="utf-8", newline="") as file:
    SURNAMES = [
        (row[script], row["initials"])
        for row in csv.DictReader(file)
        for script in ("simplified", "traditional")
    ]
LIVING_TWICE = {"乐": "yl", "樂": "yl", "隗": "wk", "覃": "qt", "召": "sz"}


@pytest.mark.parametrize(("surname", "letters"), sorted(set(SURNAMES)))
def test_surnames_are_read_as_surnames(surname: str, letters: str) -> None:
    readings = LIVING_TWICE.get(surname, [letters])
    assert initials(surname + "小明") == tuple(f"{reading}xm" for reading in readings)


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("曾小贤", "zxx"),
        ("曾", "z"),
        ("仇先生", "qxs"),
        ("单雄信", "sxx"),
        ("解曉東", "xxd"),
        ("尉迟恭", "ycg"),
        ("尉建國", "wjg"),
        ("歐陽震華", "oyzh"),
        ("阿卜杜拉·买买提", "abdlmmt"),
        ("买买提．吐尔逊", "mmttex"),
        ("吕布", "lb"),
        ("女娲", "nw"),
        ("䶮小叶", "yxy"),
        ("\U00020bb7田玉", "ty"),
        ("Amy陈", "amyc"),
        ("Amy曾", "amyz"),
        ("ＣＯＣＯ", "coco"),
        ("小美②", "xm2"),
        ("8号技师", "8hjs"),
        ("张　伟(大)", "zwd"),
        ("零\u200b宽", "lk"),
        ("É́zra O'Brien", "ezraobrien"),
        ("=小美", "xm"),
        ("😀", ""),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == (letters,)


def test_a_given_name_with_two_readings_is_found_by_both() -> None:
    assert initials("王茜") == ("wq", "wx")
    assert initials("乐乐") == ("yl", "yy", "ll", "ly")


def test_readings_stay_few_however_many_there_could_be() -> None:
    assert len(initials("乐" * 200)) == 8


def test_a_person_may_write_their_initials_themselves() -> None:
    assert initials("单小美", "DXM ｓxm") == ("dxm", "sxm")
    assert initials("单小美", " ") == ("sxm",)


@pytest.mark.parametrize(
    "query", ["zx", "xx", "ZXX", "ｚｘ", "曾", "小贤", "曾 小", "A00", "a007", " 07", "", " "]
)
def test_what_finds_a_person(query: str) -> None:
    assert matches(query, "曾小贤", "A007", initials("曾小贤"))


@pytest.mark.parametrize("query", ["cx", "8", "贤小", "·"])
def test_what_does_not(query: str) -> None:
    assert not matches(query, "曾小贤", "A007", initials("曾小贤"))


def test_dots_and_accents_need_not_be_typed() -> None:
    assert matches("卜杜拉买", "阿卜杜拉•买买提", "1", ())
    assert matches("ezra", "Ézra", "1", ())
    assert matches("·", "阿卜杜拉·买买提", "1", ())


def test_the_table_is_read_only_when_a_name_needs_it() -> None:
    probe = (
        "import models.values.pinyin as p; p.initials('Coco 7'); assert not p._table.cache_info().misses;"
        "p.initials('小美'); assert p._table.cache_info().misses == 1"
    )
    subprocess.run([sys.executable, "-c", probe], check=True)
