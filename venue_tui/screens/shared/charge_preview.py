"""What a change does to charges, named with its sums before it is made."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from models.ledger.closings import require_open
from models.operations.charge_preview import foresee
from models.values.problems import Refused
from venue_tui.charge_words import lines_of
from venue_tui.locale import _
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.people import as_somebody
from venue_tui.widgets.dialogs import Confirm
from venue_tui.widgets.form import FormScreen

if TYPE_CHECKING:
    pass

T = TypeVar("T")


class Doubts(NamedTuple):
    """What is asked about before something is done: the question, what speaks against it, a line
    each, and what its yes is called."""

    title: str
    lines: Sequence[str]
    yes: str


class ForeseeingForm(FormScreen[T]):
    """A form that says what saving it would charge whom, and asks before it is saved. A subclass
    gives `foreseen`, too."""

    def foreseen(self, values: dict[str, str]) -> Sequence[str]:
        """What saving these values does to what is charged, a line each; nothing where it does
        nothing to it. Raises Refused."""
        raise NotImplementedError

    def action_save(self) -> None:
        self.take_only_matches()
        try:
            lines = self.foreseen(self.values())
        except Refused as refusal:
            self.show_problems(refusal.problems)
            return
        if not lines:
            super().action_save()
            return

        def answered(sure: bool | None) -> None:
            if sure:
                super(ForeseeingForm, self).action_save()

        self.app.push_screen(_question(lines, _("Save"), _("Go on writing")), answered)


def are_open(screen: VenueScreen, *nights: date) -> bool:
    """Whether what is charged in these nights can still be changed; where a month is closed that
    is said, before anything is written in vain."""
    with screen.refusals_shown():
        for night in nights:
            require_open(night)
        return True
    return False


async def once_named(
    screen: VenueScreen, do: Callable[[], T], about: str | None, since: date | None
) -> T | None:
    """Does what may charge somebody, or take a charge back: where it does, after that was named
    and agreed to. Gives what `do` gives; None where it isn't agreed to, or was refused. A flow.

    `about` is the only staffer whose charges it concerns. `since` is the first night that it
    concerns, None where it charges nobody: of nights to come nobody is charged, and nothing is
    looked for.
    """
    session = screen.session
    with screen.refusals_shown():
        lines: list[str] = []
        if since is not None and since <= session.tonight():
            lines = lines_of(session, foresee(session, do, about))
        if await agreed(screen, lines):
            return do()
    return None


async def once_named_as(
    screen: VenueScreen,
    do: Callable[[str | None], T],
    about: str,
    since: date | None,
    doubts: Doubts | None = None,
) -> T | None:
    """The same of what needs somebody's name, who is asked for as in `as_somebody`; what there are
    `doubts` about is asked in the same question. A flow."""
    session = screen.session
    charges = since is not None and since <= session.tonight()
    if not charges and doubts is None:
        return await as_somebody(screen, do, about)

    def named(by: str | None) -> tuple[str | None, list[str]]:
        return by, lines_of(session, foresee(session, lambda: do(by), about))

    found = await as_somebody(screen, named, about)
    if found is not None and await agreed(screen, found[1], doubts):
        with screen.refusals_shown():
            return do(found[0])
    return None


async def agreed(screen: VenueScreen, lines: Sequence[str], doubts: Doubts | None = None) -> bool:
    """Whether what a change does to charges, a line each, is agreed to, and what there are doubts
    about; it is where it does nothing to charges and there are none. A flow."""
    if doubts is not None:
        question = Confirm(doubts.title, [*doubts.lines, *lines], yes=doubts.yes)
    elif lines:
        question = _question(lines, _("Do it"), _("Leave it"))
    else:
        return True
    return bool(await screen.program.push_screen_wait(question))


def _question(lines: Sequence[str], yes: str, no: str) -> Confirm:
    return Confirm(_("This changes what is charged:"), lines, yes=yes, no=no)
