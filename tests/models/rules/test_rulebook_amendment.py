"""A rulebook with other amounts: what is changed in its text, and nothing beside it."""

import pytest

from models.rules import shipped
from models.rules.rulebook_amendment import GRACE, amended, figures
from models.values.problems import Refused

BOOK = shipped.load("nightlife")


def test_only_the_figures_that_are_named_change() -> None:
    values = {
        "late.amount": "40", "insubordination.min": "200", "insubordination.max": "600.50",
        "absence.days": "3", GRACE: "5",
    }  # fmt: skip
    book = amended(BOOK, values)
    was, now = ({rule.code: rule for rule in each.rules} for each in (BOOK, book))
    assert {code for code in was if was[code] != now[code]} == {
        "late",
        "insubordination",
        "absence",
    }
    assert (now["late"].amount, str(now["absence"].days)) == (4000, "3")
    assert (now["insubordination"].minimum, now["insubordination"].maximum) == (20_000, 60_050)
    assert (BOOK.grace_minutes, book.grace_minutes) == (0, 5)
    assert book.source.count("#") == BOOK.source.count("#")
    assert amended(BOOK, {}).source == BOOK.source
    assert figures(now["late"]) == ("amount",)
    assert figures(now["insubordination"]) == ("min", "max")
    assert figures(now["drugs"]) == ()


@pytest.mark.parametrize(
    "values",
    [
        {GRACE: "x"},
        {GRACE: "５"},
        {GRACE: "-1"},
        {"late.amount": "x"},
        {"insubordination.min": "900"},
    ],
)
def test_what_is_no_figure_is_refused(values: dict[str, str]) -> None:
    with pytest.raises(Refused):
        amended(BOOK, values)
