"""The sentence that a staffer is told of a charge."""

import pytest

from models.rules.charge_reasons import sentence


@pytest.mark.parametrize(
    ("note", "said"),
    [
        ("推人", "发生的违规，登记为：推人"),
        ("", "发生的违规，已登记"),
        (None, "发生的违规，已登记"),
    ],
)
def test_an_incident_is_told_with_its_note_where_there_is_one(note: str | None, said: str) -> None:
    assert sentence(("incident", 5, note), lambda at: f"{at} 点", "zh-Hans") == f"5 点 {said}"
