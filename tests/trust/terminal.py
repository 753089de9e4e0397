"""A terminal that works by itself: `python -m tests.trust.terminal WHAT URL …`.

It says on standard output, line by line, what the program has told it is saved.
"""

import json
import random
import sys
import time
from collections.abc import Callable
from datetime import date

from models.access.session import Session
from models.backup.opening import open_venue
from models.operations import bookings, leave, outings, roll, slip_board
from models.operations.roll import Signs
from models.storage.database import close_database
from models.values.problems import Refused
from tests.trust.house import NIGHT, PLACES, STAFF, SUPERVISORS, session_at


def say(*words: object) -> None:
    print(*words, flush=True)


def call_the_roll(url: str, night: str) -> None:
    """Marks everyone, one by one."""
    open_venue(url)
    session = session_at(date.fromisoformat(night))
    say("ready")
    for staff_no in STAFF:
        roll.mark(session, staff_no, director_no="D1")
        say(staff_no)
    close_database()


def work(url: str, name: str, operations: str, a_second: str) -> None:
    """Does what several terminals do on a busy night, all of them to the same people and rooms,
    and tells each thing that was done as a line of JSON: what, to what, and how long it took.
    With `a_second` other than 0 it only calls the roll, so many times a second."""
    open_venue(url)
    session = session_at(NIGHT, terminal=name)
    session.user = name
    chance = random.Random(name)
    say("ready")
    sys.stdin.readline()
    pace = 1 / float(a_second) if float(a_second) else 0.0
    due = time.perf_counter() + chance.uniform(0, pace)
    for _ in range(int(operations)):
        act = chance.choice([_mark, _correct] if pace else ACTS)
        time.sleep(max(0.0, due - time.perf_counter()))
        due += pace
        started = time.perf_counter()
        try:
            done = act(session, chance)
        except Refused as refusal:
            done = ["refused", str(refusal)]
        say(json.dumps([round((time.perf_counter() - started) * 1000, 3), *done]))
    close_database()


def _mark(session: Session, chance: random.Random) -> list[str]:
    marked = roll.mark(session, chance.choice(STAFF), director_no="D1")
    return ["mark" if marked.changed else "nothing", marked.staff_no]


def _correct(session: Session, chance: random.Random) -> list[str]:
    arrived = session.now() - chance.randrange(3600)
    marked = roll.correct(session, chance.choice(STAFF), NIGHT, Signs(arrived, None, None))
    return ["correct" if marked.changed else "nothing", marked.staff_no]


def _ask_for_leave(session: Session, chance: random.Random) -> list[str]:
    night = date(2020, 9, chance.randrange(1, 30))
    return ["leave", leave.ask(session, chance.choice(STAFF), "rest", night, night)]


def _decide_leave(session: Session, chance: random.Random) -> list[str]:
    waiting = leave.listing(session, requested=True)
    if not waiting:
        return ["nothing"]
    row = chance.choice(waiting)
    decide = chance.choice([leave.approve, leave.reject])
    decided = decide(session, row.leave_no, by="D1")
    return ["decided" if decided.changed else "nothing", row.leave_no]


def _slip(session: Session, chance: random.Random) -> list[str]:
    return ["slip", outings.ask(session, chance.choice(STAFF), "烟")]


def _approve_slip(session: Session, chance: random.Random) -> list[str]:
    asked = slip_board.board(session).asked
    if not asked:
        return ["nothing"]
    decided = outings.approve(session, chance.choice(asked).slip_no, by="D1")
    return ["approved" if decided.changed else "nothing", decided.slip_no]


def _go_out(session: Session, chance: random.Random) -> list[str]:
    return ["out", outings.out_without_slip(session, chance.choice(STAFF)).slip_no]


def _book(session: Session, chance: random.Random) -> list[str]:
    place, number = chance.choice(PLACES), chance.choice([*STAFF, *SUPERVISORS])
    return ["booking", bookings.book(session, NIGHT, place, number)]


def _cancel(session: Session, chance: random.Random) -> list[str]:
    live = [each.booking_no for each in bookings.on(NIGHT) if each.live]
    if not live:
        return ["nothing"]
    number = chance.choice(live)
    return ["cancelled" if bookings.cancel(session, number) else "nothing", number]


ACTS: list[Callable[[Session, random.Random], list[str]]] = [
    *[_mark] * 6, *[_correct] * 3, _ask_for_leave, _decide_leave, _slip, _approve_slip, _go_out,
    *[_book] * 2, _cancel,
]  # fmt: skip

if __name__ == "__main__":
    commands: dict[str, Callable[..., None]] = {"roll": call_the_roll, "work": work}
    commands[sys.argv[1]](*sys.argv[2:])
