"""What the guest desk's views share: what is shown, and what of it is chosen."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeVar

from models.guests.desk import AtDoor, DeskBoard
from models.guests.fact_writer import Fact, desk_is_charged
from models.guests.register import Found
from models.ledger.credits import Sale
from models.ledger.turns import Standing
from models.operations.charge_preview import foresee
from models.rules.guests.promises import Promise
from models.values.problems import Problem
from venue_tui.charge_words import lines_of
from venue_tui.problem_words import in_words
from venue_tui.screens.shared.charge_preview import ForeseeingForm, agreed
from venue_tui.screens.shared.night import NightScreen
from venue_tui.screens.shared.text_viewer import ReadScreen
from venue_tui.widgets.line_list import LineList
from venue_tui.words import shown_name

if TYPE_CHECKING:
    from models.access.session import Session

T = TypeVar("T")
DESK, PROMISED, SALES, REGISTER = "desk", "promised", "sales", "register"
VIEWS = (DESK, PROMISED, SALES, REGISTER)


def charges_of_desk(session: "Session", change: Callable[[], object]) -> list[str]:
    """What a change of the desk's facts does to what is charged, a line each, and in all. Raises
    Refused where it is refused."""
    return lines_of(session, foresee(session, change)) if desk_is_charged(session) else []


class DeskForm(ForeseeingForm[T]):
    """A form about a fact of the desk."""

    def __init__(self, session: "Session") -> None:
        super().__init__()
        self._session = session

    def foreseen(self, values: dict[str, str]) -> Sequence[str]:
        return charges_of_desk(self._session, lambda: self.save(values))


class GuestsBase(NightScreen):
    """The desk's night as it was read last, and the row that is chosen in the view shown."""

    def __init__(self) -> None:
        super().__init__()
        self.view = DESK
        self.column = "door"
        self.board = DeskBoard((), (), (), Standing((), None))
        self.doors: dict[str, AtDoor] = {}
        self.complaints: dict[str, Fact] = {}
        self.due: dict[str, Promise] = {}
        self.sales: dict[str, Sale] = {}
        self.guests: dict[str, Found] = {}
        self.names: dict[str, str] = {}
        self.wrong: dict[str, str] = {}

    if TYPE_CHECKING:

        def refresh_data(self) -> None: ...

    def night_of(self, action: str) -> date | None:
        # The other views are of a month, or of all that is known.
        return super().night_of(action) if self.view == DESK else None

    def who(self, staff_no: str) -> str:
        """A staffer by name and number."""
        return shown_name(staff_no, self.names.get(staff_no, staff_no))

    def list_id(self) -> str:
        return self.column if self.view == DESK else self.view

    def shown_list(self) -> LineList:
        """The list that has the cursor."""
        return self.query_one(f"#{self.list_id()}", LineList)

    def chosen(self) -> str:
        """The key of the row that is chosen; empty where there is none."""
        # The keys are asked what they can do while the widgets are made and taken away, too.
        found = self.query_one_optional(f"#{self.list_id()}", LineList)
        return (found.cursor_key or "") if found is not None else ""

    def chosen_door(self) -> AtDoor | None:
        """The guest of a visit, on the desk."""
        on_door = self.view == DESK and self.column == "door"
        return self.doors.get(self.chosen()) if on_door else None

    def chosen_complaint(self) -> Fact | None:
        if self.view != PROMISED:
            return None
        if (due := self.chosen_promise()) is not None:
            return self.complaints.get(due.about)
        return self.complaints.get(self.chosen().removeprefix("complaint "))

    def chosen_promise(self) -> Promise | None:
        """What is due, in the view of it."""
        return self.due.get(self.chosen()) if self.view == PROMISED else None

    def chosen_sale(self) -> Sale | None:
        return self.sales.get(self.chosen()) if self.view == SALES else None

    def chosen_guest(self) -> Found | None:
        return self.guests.get(self.chosen()) if self.view == REGISTER else None

    def once_named(self, do: Callable[[], T], done: Callable[[T], object]) -> None:
        """Does what the rulebook may charge somebody for by itself, or takes such a charge back,
        and then `done` with what it gave: where it is any, after it was named and agreed to."""
        with self.refusals_shown():
            if lines := charges_of_desk(self.session, do):
                self.program.begin(self, self._once_agreed(lines, do, done))
            else:
                done(do())

    async def _once_agreed(
        self, lines: Sequence[str], do: Callable[[], T], done: Callable[[T], object]
    ) -> None:
        if await agreed(self, lines):
            with self.refusals_shown():
                done(await self.program.turns.take(do))

    def read_out(self, title: str, said: list[Problem]) -> None:
        """Shows sentences one below the other."""
        self.app.push_screen(ReadScreen(title, "\n".join(map(in_words, said))))
