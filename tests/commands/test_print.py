"""`print`: papers that are handed over."""

import io
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread

import pytest
from pypdf import PdfReader

from tests.commands.conftest import House

OUTINGS = (
    "slip_no,staff_no,reason,requested_at,status,decided_by,decided_at,out_at\n"
    "O1,0007,买烟,2026-09-02T21:00,approved,S01,2026-09-02T21:05,\n"
    "O2,0008,烟,2026-09-02T21:00,requested,,,2026-09-02T21:10\n"
)
ATTENDANCE = "night,staff_no,arrived_at\n2026-09-02,0007,2026-09-02T19:28\n"


@pytest.fixture
def night(house: House, at: Callable[[str], None]) -> House:
    at("2026-09-03T15:00")
    house.took(outings=OUTINGS, attendance=ATTENDANCE)
    return house


def test_a_slip_is_printed_for_the_door(night: House) -> None:
    answer = night.run("print", "slip", "O1")
    assert (answer.status, answer.err) == (0, "")
    for said in ("Outing slip", "0007 曾小贤", "买烟", "approved", "S01 吕小红  2026-09-02 21:05"):
        assert said in answer.out
    assert "lets nobody out" not in answer.out
    assert "lets nobody out" in night.run("print", "slip", "O2").out


def test_a_notice_says_why_how_much_and_how_to_contest(night: House) -> None:
    answer = night.run("--lang", "zh-Hans", "print", "notice", "0008", "2026-09")
    assert answer.status == 0
    assert "旷工" in answer.out
    assert "698.85" in answer.out
    assert "第 4 条" in answer.out
    assert "798.85" in answer.out  # with the outing
    assert "7 个营业日内裁定" in answer.out
    assert "本人签字 ____" in answer.out
    assert "T21:10" not in answer.out  # times are written for people


def test_what_was_let_go_is_named_and_not_summed(night: House) -> None:
    night.run("waive", "0008", "2026-09-02", "absence", "roll", "--reason", "母亲住院")
    answer = night.run("print", "notice", "0008", "2026-09").out
    assert "母亲住院" in answer
    assert "(waived)" in answer
    [total] = [line for line in answer.splitlines() if line.startswith("Charges that stand")]
    assert total.split()[-1] == "100.00"


def test_a_statement_tells_the_months_sums(night: House) -> None:
    answer = night.run("print", "statement", "0008", "2026-09").out
    lines = {line.rsplit(maxsplit=1)[0]: line.split()[-1] for line in answer.splitlines() if line}
    assert (lines["Deducted"], lines["Monthly wage"]) == ("798.85", "3800.00")
    assert "The month is not closed" in answer
    assert "No charges" in night.run("print", "notice", "0007", "2026-09").out


def test_a_file_called_pdf_is_one(night: House) -> None:
    path = night.folder / "notice.pdf"
    answer = night.run("print", "notice", "0008", "2026-09", "-o", str(path))
    assert (answer.status, answer.out) == (0, "")
    assert "698.85" in PdfReader(path).pages[0].extract_text()


def test_standard_output_carries_the_pdf(night: House, monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(stream, encoding="utf-8"))
    night.run("print", "slip", "O1", "--format", "pdf")
    assert stream.getvalue().startswith(b"%PDF-")


def test_without_reportlab_it_is_said_what_to_install(
    night: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "reportlab.lib.pagesizes", None)
    answer = night.run("print", "slip", "O1", "--format", "pdf")
    assert (answer.status, 'pipx install --force ".[pdf]"' in answer.err) == (1, True)
    assert night.run("print", "slip", "O1").status == 0


@pytest.mark.parametrize("encoding", ["gb18030", "gbk", "utf-8"])
def test_a_receipt_printer_on_the_network_gets_the_paper(night: House, encoding: str) -> None:
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as server:

        def listen() -> None:
            connection, _ = server.accept()
            with connection:
                while piece := connection.recv(65536):
                    heard.append(piece)

        thread = Thread(target=listen)
        thread.start()
        printer = f"tcp://127.0.0.1:{server.getsockname()[1]}"
        answer = night.run("print", "slip", "O1", "--printer", printer, "--encoding", encoding)
        thread.join()
    assert (answer.status, answer.out) == (0, "")
    data = b"".join(heard)
    assert data.startswith(b"\x1b@")
    assert data.endswith(b"\x1dV\x42\x00")
    assert "曾小贤".encode(encoding) in data


def test_a_test_page_shows_the_encodings(night: House) -> None:
    path = night.folder / "page"
    assert night.run("print", "test-page", "-o", str(path), "--encoding", "gbk").status == 0
    assert "䶮".encode("gb18030") not in path.read_bytes()
    assert "點名 放行條".encode("gbk") in path.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (("slip", "O9"), 1, "there is no O9"),
        (("notice", "0099", "2026-09"), 1, "there is no staffer 0099"),
        (("notice", "0007", "2026-13"), 2, "no such month"),
        (("slip", "O1", "--printer", "tcp://127.0.0.1:1"), 1, "refused"),
        (("slip", "O1", "--printer", "tcp://127.0.0.1:x"), 1, "names no port"),
        (("slip", "O1", "--printer", "/no/such/device"), 1, "No such file"),
        (("slip", "O1", "--printer", __file__), 1, "no printer's device"),
        (("slip", "O1", "--printer", "x", "-o", "y"), 2, "takes escpos, and no -o"),
        (("slip", "O1", "-o", "/no/such/folder/x"), 1, "no such folder"),
    ],
)
def test_what_cannot_be_printed_is_said(
    night: House, arguments: tuple[str, ...], status: int, said: str
) -> None:
    before = Path(__file__).read_bytes()
    answer = night.run("print", *arguments)
    assert answer.status == status
    assert said in answer.err
    assert answer.out == ""
    assert Path(__file__).read_bytes() == before
