"""The worked examples of turns through files: what was recorded goes in, and the export says of
each turn that it was right, whether it counted, and who was passed over. Then somebody else is
written in for each, and the export says whose it was."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.commands.conftest import Run
from tests.commands.test_guest_files import ORDER, Rows, exported, took

NIGHT = "2026-11-10"


@dataclass
class Door:
    """A night's guests one after the other, five minutes apart from 20:00, in files."""

    files: dict[str, Rows] = field(default_factory=dict)
    expected: list[tuple[str, str, str]] = field(default_factory=list)
    """Of each turn, who receives, whether it counts, and who was passed over."""

    def add(self, dataset: str, **row: object) -> "Door":
        self.files.setdefault(dataset, []).append(row)
        return self

    def at(self, number: int, seconds: int = 0) -> str:
        return f"{NIGHT}T20:{5 * number:02}:{seconds:02}"

    def guest(
        self,
        who: str,
        how: str = "turn",
        passed: str = "",
        counted: str = "yes",
        known: str | None = None,
        asks: str = "",
        stays: bool = False,
    ) -> "Door":
        """The next guest: `who` receives them. `known`: their number on the register."""
        number = len(self.expected)
        guest_no = known or f"g{number}"
        if known is None:
            self.add("guests", guest_no=guest_no)
        self.add(
            "visits",
            visit_no=f"v{number}",
            night=NIGHT,
            at=self.at(number),
            guest_no=guest_no,
            asked_for=asks,
            left_at="" if stays else self.at(number, 30),
        )
        self.add(
            "turns", turn_no=f"t{number}", night=NIGHT, at=self.at(number), visit_no=f"v{number}",
            staff_no=who, how=how,
        )  # fmt: skip
        self.expected.append((who, counted, passed))
        return self

    def new(self, *whom: str) -> "Door":
        for who in whom:
            self.guest(who)
        return self

    def away(self, reason: str, since: str = "19:50", until: str = "20:00:40") -> "Door":
        times = {"from": f"{NIGHT}T{since}", "until": f"{NIGHT}T{until}" if until else ""}
        return self.add("away", night=NIGHT, staff_no="A", reason=reason, **times)

    def rests(self, staff_no: str, first: str = NIGHT) -> "Door":
        return self.add(
            "leave", leave_no=f"l{staff_no}", staff_no=staff_no, kind="personal",
            first_night=first, last_night=NIGHT, filed_at="2026-11-08T12:00", status="approved",
            decided_by="boss", decided_at="2026-11-08T13:00",
        )  # fmt: skip

    def serves(self, staff_no: str, guest_no: str, until: str | None = "20:00:40") -> "Door":
        """Somebody is with a guest since 19:50 who asked for them."""
        self.add("guests", guest_no=guest_no)
        return self.add(
            "visits", visit_no=f"v.{guest_no}", night=NIGHT, at=f"{NIGHT}T19:50",
            guest_no=guest_no, asked_for=staff_no, received_by=staff_no,
            left_at=f"{NIGHT}T{until}" if until else "",
        )  # fmt: skip

    def client(self, staff_no: str, guest_no: str) -> "Door":
        """A guest of the register whom somebody received a month before."""
        self.add("guests", guest_no=guest_no)
        return self.add(
            "visits", visit_no=f"v.{guest_no}.before", night="2026-10-03",
            at="2026-10-03T15:00", guest_no=guest_no, received_by=staff_no,
            left_at="2026-10-03T16:00",
        )  # fmt: skip

    def out(self, kind: str, status: str = "approved") -> "Door":
        decided: dict[str, object] = {}
        if status == "approved":
            decided = {"decided_by": "boss", "decided_at": f"{NIGHT}T19:40"}
        return self.add(
            "outings", slip_no="o1", staff_no="A", status=status, kind=kind,
            requested_at=f"{NIGHT}T19:35" if status != "none" else "", **decided,
            out_at=f"{NIGHT}T19:50", back_at=f"{NIGHT}T20:00:40",
        )  # fmt: skip

    def called(self, absent: str = "A", until: str | None = None) -> "Door":
        """The roll was called; who was absent signs it later, or not at all."""
        self.add("briefings", night=NIGHT, closed_at=f"{NIGHT}T23:00")
        for staff_no in "ABCD":
            came = f"{NIGHT}T19:30" if staff_no != absent else until and f"{NIGHT}T{until}"
            if came:
                self.add("attendance", night=NIGHT, staff_no=staff_no, arrived_at=came)
        return self


def office(number: str) -> Door:
    door = Door()
    made: dict[str, Callable[[], Door]] = {
        "R1": lambda: door.new(*"ABCDA"),
        "R2": lambda: (
            door.away("telephone").guest("B", passed="A:owed").guest("A", "made_up").new(*"CD")
        ),
        "R3": lambda: door.away("private").guest("B", passed="A:counted").new(*"CDA"),
        "R4": lambda: (
            door.rests("A").guest("B", passed="A:out").new(*"CD").guest("B", passed="A:out")
        ),
        "R5": lambda: (
            door.serves("A", "c").add("deals", deal_no="d", night="2026-11-05", closer_no="A", guest_no="c")
            .guest("B", passed="A:owed").guest("A", "made_up").new("C")
        ),
        "R6": lambda: (
            door.client("A", "c").add(
                "visits", visit_no="v.c", night=NIGHT, at=f"{NIGHT}T19:50", guest_no="c",
                received_by="A", left_at=f"{NIGHT}T20:00:40",
            ).guest("B", passed="A:counted").new(*"CDA")
        ),
        "R7": lambda: (
            door.client("A", "c").serves("A", "x", "20:10")
            .guest("D", "known", counted="no", known="c").guest("B", passed="A:owed")
            .guest("A", "made_up")
        ),
        "R8": lambda: door.guest("B", "named", counted="no", asks="B").new("A"),
        "R9": lambda: (
            door.add("away", night=NIGHT, staff_no="B", reason="telephone",
                     **{"from": f"{NIGHT}T19:50", "until": f"{NIGHT}T20:00:40"})
            .guest("", "office", counted="no", asks="B").new("A")
        ),
        "R10": lambda: (
            door.add("incidents", incident_no="i", staff_no="A", rule="taken_client", occurred_at="2026-11-09T20:00")
            .guest("B", passed="A:out").new(*"CD").guest("B", passed="A:out")
        ),
        "R11": lambda: door.client("A", "c").guest("A", "known", counted="no", known="c").new("A"),
        "R12": lambda: (
            door.client("D", "c").rests("D").guest("A", "known", counted="no", known="c").new("A")
        ),
        "R14": lambda: (
            door.away("telephone", until="20:05:40").guest("B", passed="A:owed")
            .guest("C", passed="A:owed").guest("A", "made_up").new("D")
        ),
        "two are owed, in the order in which they were passed": lambda: (
            door.away("duty", until="20:00:40")
            .add("away", night=NIGHT, staff_no="B", reason="telephone",
                 **{"from": f"{NIGHT}T19:55", "until": f"{NIGHT}T20:00:40"})
            .guest("C", passed="A:owed B:owed").guest("A", "made_up").guest("B", "made_up").new("D")
        ),
        "back at the very second": lambda: door.away("private", until="20:00").new(*"AB"),
        "gone from the very second": lambda: (
            door.away("private", since="20:00").guest("B", passed="A:counted").new("C")
        ),
        "nobody recognised the client": lambda: (
            door.client("D", "c").guest("A", known="c").new("B")
        ),
    }  # fmt: skip
    made[number]()
    return door


OFFICE = (
    "R1", "R2", "R3", "R4", "R5", "R6", "R7", "R8", "R9", "R10", "R11", "R12", "R14",
    "two are owed, in the order in which they were passed", "back at the very second",
    "gone from the very second", "nobody recognised the client",
)  # fmt: skip


def ktv(number: str) -> Door:
    door = Door()
    made: dict[str, Callable[[], Door]] = {
        "N1": lambda: door.new(*"ABCDA"),
        "N2": lambda: door.out("duty").guest("B", passed="A:owed").guest("A", "made_up"),
        "N3": lambda: door.out("private").guest("B", passed="A:counted").new(*"CD"),
        "N4": lambda: door.out("", "none").guest("B", passed="A:counted").new(*"CD"),
        "N5": lambda: (
            door.called(until="20:08").guest("B", passed="A:out").guest("C", passed="A:out")
            .new(*"ADA")
        ),
        "N6": lambda: (
            door.add("bookings", booking_no="b", night=NIGHT, place="V01", staff_no="A",
                     status="left", booked_at=f"{NIGHT}T15:00", arrived_at=f"{NIGHT}T19:45",
                     left_at=f"{NIGHT}T20:00:40", amount="100")
            .guest("B", passed="A:owed").guest("A", "made_up")
        ),
        "N7": lambda: door.guest("B", "named", counted="no", asks="B").new("A"),
        "N8": lambda: door.rests("B").guest("A", "named", counted="no", asks="B").new("A"),
        "still out of the night's roll": lambda: (
            door.called().guest("B", passed="A:out").guest("C", passed="A:out")
            .guest("D", passed="A:out").guest("B", passed="A:out")
        ),
    }  # fmt: skip
    made[number]()
    return door


KTV = ("N1", "N2", "N3", "N4", "N5", "N6", "N7", "N8", "still out of the night's roll")


def told(run: Run) -> list[tuple[str, str, str]]:
    rows = [row for row in exported(run, "turns") if row["turn_no"].startswith("t")]
    assert [row["right"] for row in rows] == ["yes"] * len(rows)
    return [(row["staff_no"], row["counted"], row["passed"]) for row in rows]


def opened(run: Run, tmp_path: Path, rulebook: str, door: Door) -> None:
    made = run("init", "--name", "x", "--timezone", "Asia/Shanghai", "--rulebook", rulebook)
    assert made.status == 0
    took(run, tmp_path / "in", {"rotation": ORDER, **door.files})


@pytest.mark.parametrize("number", OFFICE)
def test_sales_office(run: Run, tmp_path: Path, number: str) -> None:
    door = office(number)
    opened(run, tmp_path, "property_sales", door)
    assert told(run) == door.expected
    without_how(run, tmp_path, door)


@pytest.mark.parametrize("number", KTV)
def test_ktv(run: Run, tmp_path: Path, number: str) -> None:
    door = ktv(number)
    opened(run, tmp_path, "nightlife", door)
    assert told(run) == door.expected
    assert run("check").status == 0
    without_how(run, tmp_path, door)


def without_how(run: Run, tmp_path: Path, door: Door) -> None:
    """The same with the last guest written in for somebody else: the export says whose they were."""
    last = door.files["turns"][-1]
    right = str(last["staff_no"])
    last["staff_no"], last["how"] = next(each for each in "DCBA" if each != right), "turn"
    took(run, tmp_path / "in", {"turns": [last]})
    [row] = [row for row in exported(run, "turns") if row["turn_no"] == last["turn_no"]]
    assert row["right"] == (right or "office")


def test_ns4_goes_on_being_fined_for_the_post_that_was_left(run: Run, tmp_path: Path) -> None:
    opened(run, tmp_path, "nightlife", ktv("N4"))
    [charge] = exported(run, "charges")
    assert (charge["staff_no"], charge["rule"], charge["amount"]) == ("A", "left_post", "100.00")
