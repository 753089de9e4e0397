"""The picture that the README shows is the roll's, and right wherever it is read."""

import re

from tests.screens.readme_picture import PICTURE, ROOT, SCREEN, for_everywhere


def test_the_picture_is_that_of_the_roll() -> None:
    assert PICTURE.read_text("utf-8") == for_everywhere(SCREEN.read_text("utf-8")), (
        "make it anew: python -m tests.screens.readme_picture"
    )
    assert str(PICTURE.relative_to(ROOT)) in (ROOT / "README.md").read_text("utf-8")


def test_it_takes_nothing_from_another_host_and_squashes_nothing() -> None:
    picture = PICTURE.read_text("utf-8")
    assert "http" not in picture.replace("http://www.w3.org/", "")
    assert "textLength" not in picture


def test_a_wide_character_takes_two_cells() -> None:
    made = for_everywhere(
        '<text class="r" x="12.2" y="20" textLength="36.6" clip-path="url(#l)">陈&#160;a</text>'
    )
    assert made == '<text class="r" x="12.2 48.8" y="20" clip-path="url(#l)">陈a</text>'
    assert re.search("[一-鿿]", PICTURE.read_text("utf-8"))
