"""Picking people: whom a form is about, and in whose name something is decided here."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from models.access.permissions import may, require_superior
from models.access.scope import only_readable
from models.operations import directory
from models.operations.directory import DirectoryEntry
from models.values.problems import Refused
from venue_tui.actions import key_name
from venue_tui.locale import _
from venue_tui.problem_words import in_words
from venue_tui.program import Program
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.words import shown_name, word

if TYPE_CHECKING:
    from models.access.session import Session
    from models.operations.bookings import Booking
    from venue_tui.widgets.chooser import Choice, Chooser
    from venue_tui.widgets.form import Field

T = TypeVar("T")


def choice(entry: DirectoryEntry) -> "Choice":
    """Somebody as they are listed where one of many is picked."""
    from venue_tui.widgets.chooser import Choice  # for which the first screen doesn't wait

    note = [entry.staff_no, entry.team or "", word(entry.position)]
    also = " ".join((entry.staff_no, *entry.initials))
    return Choice(entry.staff_no, entry.name, "  ".join(filter(None, note)), also)


def seller(held: "Booking") -> str:
    """Whose booking it is as sentences write it: a staffer's, or how it came to be the house's."""
    return shown_name(held.staff_no, held.name) if held.staff_no else word(held.source)


def pickable(session: "Session") -> list[DirectoryEntry]:
    """Everyone employed tonight; to a staffer, who sees nothing of anybody else's, themselves."""
    entries = directory.employed(session.tonight())
    return entries if may(session, "house") else only_readable(session, entries)


def nobody_yet(keys: Mapping[str, str]) -> str:
    """What a screen of tonight says where nobody is on the roll, and how that changes; `keys` by
    action."""
    sentence = _("Nobody is on the roll tonight. %(staff)s opens the roster: there %(new)s puts"
                 " somebody on it, and %(take_in)s takes in files.")  # fmt: skip
    names = {"staff": "go.staff", "new": "staff.new", "take_in": "staff.import"}
    return sentence % {name: key_name(keys[id_]) for name, id_ in names.items()}


def anybody(screen: VenueScreen) -> bool:
    """Whether there is anybody to be picked; where there is nobody, it is said how to begin."""
    if pickable(screen.session):
        return True
    screen.complain(nobody_yet(screen.program.keys_by_id()))
    return False


def staffer_field(session: "Session") -> "Field":
    """Asks which staffer something is of; a staffer's own is theirs."""
    from venue_tui.widgets.form import Field

    own = [] if may(session, "house") else pickable(session)
    value = own[0].staff_no if own else ""
    start = shown_name(value, own[0].name) if own else ""
    hint = _("name, number or pinyin initials")
    search = staff_search(session)
    return Field("staff_no", _("Staffer"), value, hint, start=start, search=search)


def staff_search(session: "Session") -> "Callable[[str], Iterable[Choice]]":
    """What a form's picker searches: whoever may be picked."""
    entries = pickable(session)

    def search(text: str) -> "Iterable[Choice]":
        return (choice(each) for each in entries if each.matches(text))

    return search


def staffer_chooser(session: "Session", prompt: str, start: str | None = None) -> "Chooser":
    """Asks for one of those who may be picked."""
    from venue_tui.widgets.chooser import Chooser

    return Chooser(prompt, [choice(each) for each in pickable(session)], start=start)


def pick_staffer(
    screen: VenueScreen,
    prompt: str,
    picked: Callable[[str], None],
    start: str | None = None,
) -> None:
    """Asks for one of those who may be picked; `picked` is not called if nobody is."""

    def answered(staff_no: str | None) -> None:
        if staff_no is not None:
            picked(staff_no)

    if anybody(screen):
        screen.app.push_screen(staffer_chooser(screen.session, prompt, start), answered)


async def ask_who(
    program: Program,
    *,
    prompt: str = "",
    about: str | None = None,
    among: Sequence[str] | None = None,
) -> str | None:
    """Asks who works here, and keeps it in `program.person`; None if nobody is picked. Superiors
    come first, and under the cursor is the direct supervisor of the staffer whom it is `about`.
    With `among`, only they are offered. A flow."""
    from venue_tui.widgets.chooser import Chooser

    entries = directory.employed(program.session.tonight())
    if not entries:
        program.tell(nobody_yet(program.keys_by_id()), "warning")
        return None
    entries.sort(key=lambda each: each.position not in ("supervisor", "director"))
    start = next((each.supervisor_no for each in entries if each.staff_no == about), program.person)
    if among is not None:
        entries = [each for each in entries if each.staff_no in among]
    choices = [choice(each) for each in entries]
    chooser = Chooser(prompt or _("Who are you?"), choices, start=start)
    staff_no: str | None = await program.push_screen_wait(chooser)
    if staff_no is not None:
        program.person = staff_no
    return staff_no


def may_decide(program: Program, staff_no: str) -> bool:
    """Whether whoever works here may decide on that staffer's requests; True as long as nobody
    has said who that is."""
    if program.session.actor is None and program.person is None:
        return True
    try:
        require_superior(
            program.session, program.person if program.session.actor is None else None, staff_no
        )
    except Refused:
        return False
    return True


def _by(program: Program) -> str | None:
    """In whose name things are done where nobody is signed in, as far as they have said it."""
    return program.person if program.session.actor is None else None


def as_person(
    screen: VenueScreen, do: Callable[[str | None], object], about: str | None = None
) -> None:
    """Does what needs somebody's name, as `as_somebody`."""
    screen.program.begin(screen, as_somebody(screen, do, about))


async def as_somebody(
    screen: VenueScreen, do: Callable[[str | None], T], about: str | None = None
) -> T | None:
    """Does what needs somebody's name: `do(None)` where someone is signed in, else `do(staff_no)`
    with whoever says that they work here, who is asked once. Gives what `do` gives; None where
    nobody is named, or it was refused. A flow.

    Where `do` raises Refused because of who it is, whoever may do it is asked for; other refusals
    are shown. `about` is the staffer it concerns.
    """
    program = screen.program
    by, signed_in = _by(program), program.session.actor is not None
    if by is None and not signed_in:
        by = await ask_who(program, about=about)
        if by is None:
            return None
    with screen.refusals_shown():
        while True:
            try:
                return await program.turns.take(partial(do, by))
            except Refused as refusal:
                if program.session.actor is not None or {p.field for p in refusal.problems} != {
                    "by"
                }:
                    raise
                why = " ".join(in_words(each) for each in refusal.problems)
            by = await ask_who(
                program, prompt=_("%(why)s. Who are you?") % {"why": why}, about=about
            )
            if by is None:
                return None
    return None


async def as_one_of(
    screen: VenueScreen, may: Sequence[str], do: Callable[[str | None], T]
) -> T | None:
    """Goes on in the name of one of those who `may`: `do(None)` where someone is signed in, else
    `do(staff_no)`, of whoever works here or, if they may not, of one of them who is asked for.
    Gives what `do` gives; None where nobody is named. A flow."""
    program = screen.program
    if program.session.actor is not None:
        return do(None)
    if program.person in may:
        return do(program.person)
    if not may:
        screen.complain(_("Nobody may decide this at present."))
        return None
    by = await ask_who(program, prompt=_("Who decides?"), among=may)
    return None if by is None else do(by)
