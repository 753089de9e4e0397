"""How a workbook is to look, as far as whoever exports chooses it."""

from typing import NamedTuple


class SheetLayout(NamedTuple):
    """How a workbook is laid out: its sheet's name, with a row of totals at the foot or none; and
    where `apart` names a column, a sheet for each of its values. `foot` is what every printed page
    says at its foot, and the workbook's properties as well."""

    name: str = "Sheet1"
    totals: bool = False
    apart: str | None = None
    foot: str = ""


ONE_SHEET = SheetLayout()
