"""Teams, rooms and numbers in the order in which people count."""

import pytest

from models.values.natural_order import natural


@pytest.mark.parametrize(
    "ordered",
    [
        "一组 二组 三组 十组 十二组 二十组 二十一组 一百零五组",
        "1组 2组 10组 11组",
        "V2 V10 V10A V101",
        "A组 B组 牡丹组 玫瑰组",
        "第二组 第十组",
        "101 999 1000",
        "二〇二五 二〇二六",
        "兩組 三組",
        "v1 V2 v3",
    ],
)
def test_counts(ordered: str) -> None:
    names = ordered.split()
    assert sorted(set(names), key=natural) == names


def test_names_that_count_alike_stand_beside_each_other() -> None:
    assert sorted(["三组", "二组", "3组", "2组"], key=natural) == ["2组", "二组", "3组", "三组"]
    assert natural("") < natural("a")
