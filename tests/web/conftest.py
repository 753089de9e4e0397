"""What the tests of `serve` share with those of commands: running one, and a venue."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.commands.conftest import House, Run, empty_house, house, run, venue
from tests.web.tabs import Served, serving

__all__ = ["House", "Run", "empty_house", "house", "run", "venue"]

SECRET = "seven candles 7"
STAFF = """\
staff_no,name,team,supervisor_no,position,on_roll,hired_on,left_on,monthly_wage
D01,林国栋,,,director,,2025-01-01,,18000
S01,吕小红,一组,D01,supervisor,,2025-01-01,,9500
0007,曾小贤,一组,S01,staff,,2025-01-01,,4350
0008,单雄信,一组,S01,staff,,2025-01-01,,3800
"""


@pytest.fixture
async def served(house_of_tonight: House, sqlite_url: str) -> AsyncIterator[Served]:
    async with serving(sqlite_url) as served:
        yield served


@pytest.fixture
def house_of_tonight(empty_house: House) -> House:
    """A venue whose director signs in, with a slip that waits for them."""
    now = datetime.now(UTC) - timedelta(minutes=1)
    # Where it is eight in the evening now, so that no test meets the end of a night.
    east = (20 - now.hour + 11) % 24 - 11
    zone = f"Etc/GMT{-east:+d}"
    assert empty_house.run("venue", "edit", "--timezone", zone).status == 0
    slips = "slip_no,staff_no,reason,requested_at,status\n"
    slips += f"W1,S01,买烟,{now:%Y-%m-%dT%H:%M+00:00},requested\n"
    empty_house.took(staff=STAFF, outings=slips)
    add = ("accounts", "add")
    assert empty_house.run(*add, "amy", "--role", "admin", NEW_SECRET=SECRET).status == 0
    lin = ("lin", "--role", "director", "--staff", "D01")
    made = empty_house.run("--as", "amy", *add, *lin, SECRET=SECRET, NEW_SECRET=SECRET)
    assert made.status == 0, made.err
    return empty_house
