"""Killing the program in the middle of things, and looking what is left.

Each trial kills a process at a moment drawn at random, and then holds the venue, opened anew, to
what the program had acknowledged by then.
"""

import random
import time
from datetime import date, timedelta
from pathlib import Path

from models.backup.opening import open_venue
from models.operations import roll
from models.storage.database import close_database, execute
from models.storage.venue_file import examine
from tests.trust import house
from tests.trust.house import STAFF

FIRST_NIGHT = date(2020, 1, 1)
FIRST_MONTH = date(2020, 1, 1)


class Trials:
    """One venue that is crashed again and again."""

    def __init__(self, url: str, folder: Path, seed: int = 1) -> None:
        self.url = url
        self.folder = folder
        self.chance = random.Random(seed)
        house.make(url)

    def roll_call(self, trials: int) -> int:
        """Kills terminals that call the roll; gives how many marks they had been told were
        saved."""
        saved = 0
        for trial in range(trials):
            night = FIRST_NIGHT + timedelta(days=trial)
            terminal = house.terminal("roll", self.url, night.isoformat())
            assert terminal.stdout is not None
            assert house.first_line(terminal.stdout) == "ready", terminal.communicate()[1]
            told = [
                house.first_line(terminal.stdout)
                for _ in range(self.chance.randrange(len(STAFF) // 3))
            ]
            time.sleep(self.chance.uniform(0, 0.004))
            told += house.kill(terminal)[1].split()
            kept = self._marked(night)
            assert set(told) <= kept, f"lost: {set(told) - kept}"
            assert len(kept - set(told)) <= 1, f"never acknowledged: {kept - set(told)}"
            self._check()
            saved += len(told)
        return saved

    def imports(self, trials: int) -> int:
        """Kills imports of a month's attendance; gives how many of them were whole by then."""
        whole, took = 0, 0.0
        for trial in range(trials + 1):
            nights = [FIRST_NIGHT + timedelta(days=10 * trial + n) for n in range(10)]
            files = house.write_files(
                self.folder / f"import{trial}",
                {
                    "briefings": ["night", *map(str, nights)],
                    "attendance": ["night,staff_no,arrived_at"]
                    + [f"{night},{who},{night}T19:31" for night in nights for who in STAFF],
                },
            )
            took, ended = self._interrupted(took, "import", str(files))
            kept = sum(len(self._marked(night)) for night in nights)
            assert kept in (0, len(STAFF) * len(nights)), f"half an import: {kept}"
            assert kept or not ended, "an import that ended well is gone"
            self._check()
            whole += kept > 0
        return whole

    def closings(self, trials: int) -> int:
        """Kills closings of months; gives how many months were closed by then."""
        self._some_months(trials + 2)
        month, took = FIRST_MONTH, 0.0
        for _ in range(trials + 1):
            name = month.isoformat()[:7]
            took, ended = self._interrupted(took, "close", "month", name, "--yes")
            closed = self._closed(name)
            assert closed or not ended, "a month that was said to be closed is open"
            self._check()
            if closed:
                month = (month + timedelta(days=31)).replace(day=1)
        self._check_backups(self.folder / "backups")
        return count_one(self.url, "SELECT count(*) FROM closed_months")

    def backups(self, trials: int) -> int:
        """Kills backups; gives how many were whole by then."""
        file = self.folder / "away" / "venue.bak"
        file.parent.mkdir()
        self._some_months(24)
        whole, took, latest = 0, 0.0, b""
        for trial in range(trials + 1):
            self._mark(FIRST_NIGHT, STAFF[trial])
            took, ended = self._interrupted(took, "backup", str(file))
            content = file.read_bytes() if file.exists() else b""
            assert ended <= (content != b"")
            if content:
                examine(file)
            whole += content != latest
            latest = content
            self._check()
        return whole

    def _interrupted(self, took: float, *arguments: str) -> tuple[float, bool]:
        """Runs a command, and kills it at a moment drawn from how long the first one took; gives
        that, and whether it had ended well."""
        started = time.perf_counter()
        process = house.command(self.url, *arguments)
        if not took:
            house.finished(process)
            return time.perf_counter() - started, True
        # Not in the first third, in which Python starts.
        time.sleep(took * self.chance.uniform(0.3, 1.05))
        return took, house.kill(process)[0]

    def _some_months(self, count: int) -> None:
        open_venue(self.url)
        month = FIRST_MONTH
        nights = []
        for _ in range(count):
            nights.append(month + timedelta(days=4))
            month = (month + timedelta(days=31)).replace(day=1)
        close_database()
        files = house.write_files(
            self.folder / "months",
            {
                "briefings": ["night,closed_at", *(f"{night},{night}T20:00" for night in nights)],
                "attendance": ["night,staff_no,arrived_at"]
                + [f"{night},{who},{night}T19:31" for night in nights for who in STAFF[:50]],
            },
        )
        house.finished(house.command(self.url, "import", str(files)))

    def _mark(self, night: date, staff_no: str) -> None:
        open_venue(self.url)
        roll.mark(house.session_at(night), staff_no, director_no="D1")
        close_database()

    def _marked(self, night: date) -> set[str]:
        open_venue(self.url)
        sql = "SELECT staff_no FROM attendance WHERE night = ? AND arrived_at IS NOT NULL"
        found = {row[0] for row in execute(sql, (night.isoformat(),)).fetchall()}
        close_database()
        return found

    def _closed(self, month: str) -> bool:
        open_venue(self.url)
        sql = "SELECT count(*) FROM closed_months WHERE month = ?"
        found = execute(sql, (month,)).fetchone()[0]
        close_database()
        return bool(found)

    def _check(self) -> None:
        wrong = house.problems(self.url)
        assert not wrong, wrong

    def _check_backups(self, folder: Path) -> None:
        for file in folder.glob("*.db"):
            examine(file)


def count_one(url: str, sql: str) -> int:
    open_venue(url)
    try:
        return int(execute(sql).fetchone()[0])
    finally:
        close_database()
