"""What ends a roll names every fine first, to be seen in any terminal."""

import pytest

from models.access.session import Session
from tests.screens.pilot import drawn, press, settled, showing

SUM, FINE = "48294.31", "1103.45"


@pytest.mark.parametrize("width", [120, 40])
async def test_every_fine_is_named_before_it_falls(demo: Session, width: int) -> None:
    async with showing(demo, "roll", "D01", size=(width, 36)) as pilot:
        await press(pilot, "C")
        for now in (width, 160 - width):
            await pilot.resize_terminal(now, 36)
            await settled(pilot)
            said = "\n".join(drawn(pilot))
            assert SUM in said
            assert FINE in said
            assert "48 names have not been called" in said
