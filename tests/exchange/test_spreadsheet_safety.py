import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exchange.samples import EDGE_NAMES, NAUGHTY, PAYLOADS
from venue_tui.exchange.spreadsheet_safety import guard, unguard

RUNS = "=+-@\t\r\n\0＝＋－＠"
UNSEEN = " \u3000\ufeff\u200b"
texts = st.text() | st.text(alphabet=RUNS + UNSEEN + "'a1")


def runs(cell: str) -> bool:
    return cell.lstrip(UNSEEN)[:1] in set(RUNS)


@given(texts)
def test_a_guarded_text_reads_back_as_it_was(text: str) -> None:
    assert unguard(guard(text)) == text


@given(texts)
def test_no_guarded_text_runs(text: str) -> None:
    assert not runs(guard(text))


@pytest.mark.parametrize("text", [*PAYLOADS, *NAUGHTY, *EDGE_NAMES])
def test_known_troublemakers(text: str) -> None:
    assert unguard(guard(text)) == text
    assert not runs(guard(text))


@pytest.mark.parametrize("payload", [text for text in PAYLOADS if text and text[0] != "小"])
def test_every_known_formula_is_guarded(payload: str) -> None:
    assert guard(payload) == f"'{payload}"


@pytest.mark.parametrize("text", ["", "张伟", "'小美", "a=1", "'", "''", "O'Brien", "1-2"])
def test_harmless_texts_stay_as_they_are(text: str) -> None:
    assert guard(text) == text
    assert unguard(text) == text
