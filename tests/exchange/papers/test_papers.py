"""Papers as text, PDF and a receipt printer's bytes."""

import io
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from rich.cells import cell_len

from models.values.problems import Refused
from tests.exchange.samples import EDGE_NAMES, NAUGHTY
from venue_tui.exchange.papers.document import (
    Document,
    Entry,
    Fields,
    Heading,
    Paragraph,
    Signatures,
    SumLines,
)
from venue_tui.exchange.papers.escpos import ENCODINGS, WIDTHS, as_escpos
from venue_tui.exchange.papers.pdf import as_pdf
from venue_tui.exchange.papers.plain_text import as_text, wrapped

PAPER = Document(
    "扣罚通知 0007",
    (
        Heading("金碧夜总会", 2),
        Heading("扣罚通知"),
        Fields((("当事人", "0007 曾小贤"), ("For the month", "2026-09"))),
        Entry("2026-09-02  旷工", "800.00", ("第 4 条", "整晚没有到场或补签；月薪 4350.00 × 4 天 ÷ 22 天")),
        SumLines((("调整", "-30.00"), ("有效扣罚合计", "770.00"))),
        Paragraph("不服某项扣罚，可用自己的话向主管或总监说明。"),
        Signatures(("本人签字", "送达人")),
    ),
)  # fmt: skip


def holding(text: str) -> Document:
    """A paper on which a person's words stand everywhere."""
    return Document(
        text,
        (Heading(text), Fields(((text, text),)), Entry(text, "1.00", (text,)), Paragraph(text),
         SumLines(((text, "1.00"),)), Signatures((text,))),
    )  # fmt: skip


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("width", [*WIDTHS.values(), 72])
def test_amounts_stand_at_the_lines_end_and_no_line_is_too_wide(width: int) -> None:
    lines = as_text(PAPER, width)
    assert max(map(cell_len, lines)) == width
    assert [line.split()[-1] for line in lines if re.search(r"\d\.\d\d$", line)] == ["800.00", "-30.00", "770.00"]  # fmt: skip
    assert all(cell_len(line) == width for line in lines if re.search(r"\d\.\d\d$", line))


@given(st.text(max_size=80), st.integers(8, 60))
def test_wrapped_lines_are_never_too_wide_and_lose_nothing(text: str, width: int) -> None:
    lines = wrapped(text, width)
    assert all(cell_len(line) <= width for line in lines)
    assert lines
    if text.isprintable():
        assert "".join("".join(lines).split()) == "".join(text.split())


def test_a_line_never_begins_with_a_comma() -> None:
    assert wrapped("不服某项扣罚，可用自己的话。", 12) == ["不服某项扣", "罚，可用自己", "的话。"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("text", [*NAUGHTY[:200], *EDGE_NAMES, "\x1b@\x1dV\x00\x10\x04\x01"])
def test_nothing_that_somebody_typed_commands_a_printer(text: str, encoding: str) -> None:
    data = as_escpos(holding(text), encoding, 58)
    body = data.removeprefix(b"\x1b@").removeprefix(b"\x1c&").removeprefix(b"\x1c(C\x02\x0002")
    body = body.removesuffix(b"\n\n\n\n\x1dV\x42\x00")
    assert not re.search(rb"[\x00-\x09\x0b-\x1f\x7f]", body)
    assert body.decode(encoding)


def test_a_character_that_the_encoding_lacks_is_marked() -> None:
    name = holding("䶮小贤")
    assert "䶮小贤" in as_escpos(name, "gb18030")[2:].decode("gb18030", "replace")
    printed = as_escpos(name, "gbk").decode("gbk", "replace")
    assert "〓小贤" in printed
    assert "U+4DAE" in printed
    assert "䶮小贤" in as_escpos(name, "utf-8").decode("utf-8", "replace")


def test_a_pdf_holds_what_the_text_holds() -> None:
    data = as_pdf(PAPER)
    assert data == as_pdf(PAPER)  # the same paper, the same bytes
    said = "".join(pdf_text(data).split())
    for part in (
        "金碧夜总会",
        "扣罚通知",
        "0007曾小贤",
        "800.00",
        "770.00",
        "整晚没有到场或补签",
        "本人签字",
    ):
        assert part in said
    assert PdfReader(io.BytesIO(data)).metadata.title == "扣罚通知 0007"  # type: ignore[union-attr]


def test_a_pdf_says_which_characters_its_font_lacks() -> None:
    said = pdf_text(as_pdf(holding("𠮷田")))
    assert "〓田" in said
    assert "U+20BB7" in said
    assert "〓" not in pdf_text(as_pdf(holding("吉田")))


def test_a_long_paper_takes_more_pages_each_with_its_number() -> None:
    entries = (
        tuple(Entry(f"2026-09-{day:02} 迟到", "30.00", ("第 2 条",)) for day in range(1, 31)) * 2
    )
    reader = PdfReader(io.BytesIO(as_pdf(Document("t", entries))))
    pages = [page.extract_text() for page in reader.pages]
    assert len(pages) == 3
    assert all(str(n) in page.split() for n, page in enumerate(pages, 1))
    assert sum(page.count("30.00") for page in pages) == 60


def test_no_name_breaks_a_pdf_or_is_taken_for_markup() -> None:
    for text in (*EDGE_NAMES, *NAUGHTY, "<b>x</b>", "a<br/>&amp;", "x" * 3000):
        as_pdf(holding(text))
    assert "<b>x</b>" in pdf_text(as_pdf(holding("<b>x</b>")))


def test_a_character_that_the_built_in_font_lacks_is_marked_in_either_plane() -> None:
    for rare in "𠮷Ñ한™":
        said = pdf_text(as_pdf(holding(f"{rare}田")))
        assert "〓田" in said, rare
        assert f"U+{ord(rare):04X}" in said
    assert "〓" not in pdf_text(as_pdf(holding("堃喆犇镕劉㐱䶮")))


def test_a_font_that_is_named_goes_into_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import reportlab

    vera = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"
    monkeypatch.setenv("VENUE_TUI_FONT", str(vera))
    data = as_pdf(holding("CAÑETE 田"))
    assert data == as_pdf(holding("CAÑETE 田"))
    assert b"/FontFile2" in data
    said = pdf_text(data)
    assert "CAÑETE ?" in said
    assert "U+7530" in said
    spoiled = tmp_path / "cut.ttf"
    spoiled.write_bytes(vera.read_bytes()[:3000])
    outlines = tmp_path / "outlines.otf"
    outlines.write_bytes(b"OTTO" + vera.read_bytes()[4:])
    for wrong in (spoiled, outlines, tmp_path / "none.ttf", tmp_path, "/dev/zero"):
        monkeypatch.setenv("VENUE_TUI_FONT", str(wrong))
        with pytest.raises(Refused, match="can't be put into a PDF"):
            as_pdf(holding("田"))
