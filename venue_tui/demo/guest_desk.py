"""The guest desk of the demo's month: its register, a night's turns, complaints and promises."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

Add = Callable[..., None]
Rows = Mapping[str, Sequence[Sequence[str | None]]]

_NAMES = ("胡先生", "李总", "陈小姐", "王先生", "周总", "林小姐", "何先生", "徐总")


def add_guest_desk(
    add: Add, rows: Rows, night: date, tonight: date, at: Callable[[date, int, int], str]
) -> None:
    """Adds to the month what its guest desk did on the night before the last, and what is open as
    the last one begins. `add` writes a row, `at` gives a local time of a night."""
    present = _present(rows, night, at(night, 19, 31))
    order = present[:6]
    for position, staff_no in enumerate(order, 1):
        add("rotation", from_night=str(night), position=str(position), staff_no=staff_no)
    for i, name in enumerate(_NAMES, 1):
        add(
            "guests",
            guest_no=f"G{i:03d}",
            name=name,
            phone=f"1770000{i:04d}",
            kind="member" if i <= 3 else "guest",
            consultant_no=order[i % 6] if i <= 3 else None,
            unit="陈家" if name in ("陈小姐", "何先生") else None,
        )
    _door(add, night, order, at)
    _bookings(add, rows, night, at)
    _complaints(add, night, tonight, order, at)
    _tonight(add, tonight, order, at)
    _looks(add, present, night)
    for staff_no in ("0043", "0044"):
        add(
            "knowledge",
            staff_no=staff_no,
            at=at(tonight - timedelta(days=12), 20, 30),
            asked="10",
            right="9",
            checked_by="S01",
        )


def _present(rows: Rows, night: date, until: str) -> list[str]:
    """Who was at the briefing of a night and not out in it, by number."""
    out = {row[1] for row in rows["outings"] if (row[8] or "").startswith(str(night))}
    came = [
        row[1]
        for row in rows["attendance"]
        if row[0] == str(night) and row[2] is not None and row[2] < until
    ]
    return sorted(number for number in came if number not in out and number is not None)


def _door(add: Add, night: date, order: Sequence[str], at: Callable[[date, int, int], str]) -> None:
    """Eight guests at the door: six by turn, one who names somebody, one who was telephoned for."""
    named = order[4]
    add(
        "away",
        **{
            "night": str(night),
            "staff_no": order[0],
            "from": at(night, 20, 55),
            "until": at(night, 21, 5),
            "reason": "telephone",
        },
    )
    # The first on the order is on the telephone when the first guest comes, and is made up for.
    turns = [(order[1], "turn"), (order[0], "made_up")]
    turns += [(staff_no, "turn") for staff_no in order[2:4]]
    turns += [(named, "named"), (named, "turn"), (order[5], "turn"), (order[0], "turn")]
    for i, (staff_no, how) in enumerate(turns, 1):
        came, minute = 21 + i // 4, 15 * (i % 4) if i > 1 else 0
        visit_no = f"V{night:%m%d}-{i}"
        add(
            "visits",
            visit_no=visit_no,
            night=str(night),
            at=at(night, came, minute),
            guest_no=f"G{i:03d}",
            asked_been="yes",
            asked_for_whom="yes",
            asked_appointment="yes",
            asked_for=named if how == "named" else None,
            asked_before_tour="yes" if how == "named" else None,
            received_by=staff_no,
            left_at=at(night, came, minute + 12),
        )
        add(
            "turns",
            turn_no=f"T{night:%m%d}-{i}",
            night=str(night),
            at=at(night, came, minute + 1),
            visit_no=visit_no,
            staff_no=staff_no,
            how=how,
        )


def _bookings(add: Add, rows: Rows, night: date, at: Callable[[date, int, int], str]) -> None:
    """A walk-in's room, a room that a guest booked themselves, and a sale that was decided."""
    taken = {row[2] for row in rows["bookings"] if row[1] == str(night)}
    free = [f"K{i:02d}" for i in range(1, 9) if f"K{i:02d}" not in taken]
    free += [f"A{i:02d}" for i in range(1, 9) if f"A{i:02d}" not in taken]
    add(
        "bookings",
        booking_no=f"W{night:%m%d}-1",
        night=str(night),
        place=free[0],
        guest_name=_NAMES[2],
        booked_at=at(night, 21, 50),
        status="left",
        amount="1680.00",
        source="walk_in",
        guest_no="G003",
        visit_no=f"V{night:%m%d}-3",
        left_at=at(night, 25, 10),
    )
    add(
        "bookings",
        booking_no=f"W{night:%m%d}-2",
        night=str(night),
        place=free[1],
        guest_name=_NAMES[7],
        booked_at=at(night, 16, 20),
        status="left",
        amount="1280.00",
        source="guest",
        guest_no="G008",
    )
    for row in rows["bookings"]:
        if row[8] == "left" and row[4] and row[1] == str(night - timedelta(days=9)):
            other = next(no for no in ("0005", "0009") if no != row[4])
            deal_no = f"booking:{row[0]}"
            found_on = str(night - timedelta(days=8))
            add("claims", deal_no=deal_no, staff_no=other, found_on=found_on, note="客人先找的我")
            add(
                "credit_decisions",
                deal_no=deal_no,
                shares=f"{row[4]}:1/2 {other}:1/2",
                reason="两人同时接待，各一半",
                decided_by="D01",
            )
            return


def _tonight(
    add: Add, tonight: date, order: Sequence[str], at: Callable[[date, int, int], str]
) -> None:
    """Who waits as the night opens, who is on the telephone, a card that was sold, and a guest who
    was given to somebody else."""
    add(
        "visits",
        visit_no=f"V{tonight:%m%d}-1",
        night=str(tonight),
        at=at(tonight, 19, 20),
        guest_no="G004",
        asked_been="yes",
        asked_for_whom="yes",
        asked_appointment="no",
    )
    away = {"night": str(tonight), "staff_no": order[0], "reason": "telephone"}
    add("away", **{**away, "from": at(tonight, 19, 22), "until": None})
    add("heirs", guest_no="G006", from_night=str(tonight), from_staff_no=None, to_staff_no=order[1])
    for kind, hour, words in (("call_in", 15, "问今晚大房"), ("follow_up", 16, "周末生日")):
        add(
            "contacts",
            contact_no=f"N{tonight:%m%d}-{kind}",
            staff_no=order[1],
            guest_no="G006",
            kind=kind,
            at=at(tonight, hour, 10),
            note=words,
        )


def _looks(add: Add, present: Sequence[str], night: date) -> None:
    """Grooming and badges of the night before, one badge forgotten."""
    for i, staff_no in enumerate(present[:8]):
        add(
            "grooming",
            night=str(night),
            staff_no=staff_no,
            groomed="yes",
            badge="no" if i == 3 else "yes",
            checked_by="D01",
            note="工作牌忘在更衣室" if i == 3 else None,
        )


def _complaints(
    add: Add,
    night: date,
    tonight: date,
    order: Sequence[str],
    at: Callable[[date, int, int], str],
) -> None:
    """One solved, one founded that nobody made an incident yet, one open; a time told for tonight,
    and a handover."""
    add(
        "complaints",
        **{
            "complaint_no": f"C{night:%m%d}-1",
            "at": at(night, 21, 40),
            "channel": "face",
            "guest_no": "G002",
            "words": "等了二十分钟没有人来点歌",
            "class": "simple",
            "taken_by": "S02",
            "answered_at": at(night, 21, 45),
            "answer": "已致歉并送果盘",
            "solved_at": at(night, 21, 50),
            "founded": "yes",
            "judged_by": "S02",
            "asked_at": at(night, 23, 30),
            "satisfied": "yes",
            "change": "点歌铃改为前台先接",
        },
    )
    add(
        "complaints",
        **{
            "complaint_no": f"C{night:%m%d}-2",
            "at": at(night, 23, 10),
            "channel": "face",
            "guest_no": "G005",
            "words": "服务员态度不好，叫了三次不理",
            "about_staff_no": order[2],
            "class": "general",
            "taken_by": "S03",
            "answered_at": at(night, 23, 40),
            "founded": "yes",
            "judged_by": "D01",
        },
    )
    add(
        "complaints",
        **{
            "complaint_no": f"C{tonight:%m%d}-1",
            "at": at(tonight, 18, 50),
            "channel": "phone",
            "guest_no": "G007",
            "words": "昨晚账单多收一瓶酒",
            "class": "complex",
            "taken_by": "S01",
        },
    )
    add(
        "promised",
        promise_no=f"P{tonight:%m%d}-1",
        complaint_no=f"C{tonight:%m%d}-1",
        guest_no="G007",
        told_at=at(tonight, 18, 55),
        due_at=at(tonight, 20, 30),
        by_staff_no="S01",
        words="八点半前查清账单回电",
    )
    for hour in (14, 15):
        add(
            "contacts",
            contact_no=f"N{tonight:%m%d}-{hour}",
            staff_no=order[1],
            guest_no="G001",
            kind="call_back",
            at=at(tonight, hour, 0),
            answered="no",
        )
    add(
        "handovers",
        handover_no=f"H{night:%m%d}-1",
        night=str(night),
        desk="咨客台",
        from_staff_no="S01",
        to_staff_no="S02",
        given_at=at(night, 23, 0),
        accepted_at=at(night, 23, 5),
        words="K03 留到零点",
    )
