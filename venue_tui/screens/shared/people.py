"""Picking people: whom a form is about, and in whose name something is decided here."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from models.access.permissions import may, require_superior
from models.access.scope import only_readable
from models.operations import directory
from models.operations.directory import Entry
from models.values.problems import Refused
from venue_tui.locale import _
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.widgets.chooser import Choice, Chooser
from venue_tui.widgets.form import Field
from venue_tui.words import in_words, word

if TYPE_CHECKING:
    from models.access.session import Session
    from models.operations.bookings import Booking
    from venue_tui.app import VenueApp


def choice(entry: Entry) -> Choice:
    """Somebody as they are listed where one of many is picked."""
    note = [entry.staff_no, entry.team or "", word(entry.position)]
    also = " ".join((entry.staff_no, *entry.initials))
    return Choice(entry.staff_no, entry.name, "  ".join(filter(None, note)), also)


def shown_name(staff_no: str, name: str) -> str:
    """A staffer as forms and sentences write them."""
    return f"{name} ({staff_no})"


def seller(held: "Booking") -> str:
    """Whose booking it is as sentences write it: a staffer's, or how it came to be the house's."""
    return shown_name(held.staff_no, held.name) if held.staff_no else word(held.source)


def pickable(session: "Session") -> list[Entry]:
    """Everyone employed tonight; to a staffer, who sees nothing of anybody else's, themselves."""
    entries = directory.employed(session.tonight())
    return entries if may(session, "house") else only_readable(session, entries)


def staffer_field(session: "Session") -> Field:
    """Asks which staffer something is of; a staffer's own is theirs."""
    own = [] if may(session, "house") else pickable(session)
    value = own[0].staff_no if own else ""
    start = shown_name(value, own[0].name) if own else ""
    hint = _("name, number or pinyin initials")
    search = staff_search(session)
    return Field("staff_no", _("Staffer"), value, hint, start=start, search=search)


def staff_search(session: "Session") -> Callable[[str], Iterable[Choice]]:
    """What a form's picker searches: whoever may be picked."""
    entries = pickable(session)

    def search(text: str) -> Iterable[Choice]:
        return (choice(each) for each in entries if each.matches(text))

    return search


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

    entries = pickable(screen.session)
    chooser = Chooser(prompt, [choice(each) for each in entries], start=start)
    screen.app.push_screen(chooser, answered)


def ask_who(
    app: "VenueApp",
    then: Callable[[str], object] | None = None,
    *,
    prompt: str = "",
    about: str | None = None,
    among: Sequence[str] | None = None,
) -> None:
    """Asks who works here, and keeps it in `app.person`. Superiors come first, and under the
    cursor is the direct supervisor of the staffer whom it is `about`. With `among`, only they are
    offered."""
    entries = directory.employed(app.session.tonight())
    entries.sort(key=lambda each: each.position not in ("supervisor", "director"))
    start = next((each.supervisor_no for each in entries if each.staff_no == about), app.person)
    if among is not None:
        entries = [each for each in entries if each.staff_no in among]

    def answered(staff_no: str | None) -> None:
        if staff_no is None:
            return
        app.person = staff_no
        if then is not None:
            then(staff_no)

    choices = [choice(each) for each in entries]
    chooser = Chooser(prompt or _("Who are you?"), choices, start=start)
    app.push_screen(chooser, answered)


def may_decide(app: "VenueApp", staff_no: str) -> bool:
    """Whether whoever works here may decide on that staffer's requests; True as long as nobody
    has said who that is."""
    if app.session.actor is None and app.person is None:
        return True
    try:
        require_superior(app.session, app.person if app.session.actor is None else None, staff_no)
    except Refused:
        return False
    return True


def as_person(
    screen: VenueScreen, do: Callable[[str | None], object], about: str | None = None
) -> None:
    """Does what needs somebody's name: `do(None)` where someone is signed in, else `do(staff_no)`
    with whoever says that they work here, who is asked once.

    Where `do` raises Refused because of who it is, whoever may do it is asked for; other refusals
    are shown. `about` is the staffer it concerns.
    """
    app = screen.venue_app

    def attempt(by: str | None) -> None:
        with screen.refusals_shown():
            try:
                do(by)
            except Refused as refusal:
                if app.session.actor is not None or {p.field for p in refusal.problems} != {"by"}:
                    raise
                why = " ".join(in_words(each) for each in refusal.problems)
                prompt = _("%(why)s. Who are you?") % {"why": why}
                ask_who(app, attempt, prompt=prompt, about=about)

    if app.session.actor is not None:
        attempt(None)
    elif app.person is not None:
        attempt(app.person)
    else:
        ask_who(app, attempt, about=about)


def as_one_of(
    screen: VenueScreen, may: Sequence[str], then: Callable[[str | None], object]
) -> None:
    """Goes on in the name of one of those who `may`: `then(None)` where someone is signed in, else
    `then(staff_no)`, of whoever works here or, if they may not, of one of them who is asked for."""
    app = screen.venue_app
    if app.session.actor is not None:
        then(None)
    elif app.person in may:
        then(app.person)
    elif not may:
        screen.complain(_("Nobody may decide this at present."))
    else:
        ask_who(app, then, prompt=_("Who decides?"), among=may)
