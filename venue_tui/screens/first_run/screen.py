"""The first steps on an empty database: the venue, its rulebook, and who works there."""

import os
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from zoneinfo import available_timezones

from rich.text import Text
from textual.app import ComposeResult
from textual.screen import Screen
from textual.widgets import Static

from models.access.session import Session, zone
from models.backup.opening import open_venue
from models.operations import directory
from models.operations.venue import make_venue
from models.rules import shipped
from models.rules.cautions import cautions
from models.rules.rulebook import DEFAULT_RULEBOOK, Rulebook
from models.storage.terminals import this_terminal, this_user
from models.values.nights import utc_now
from models.values.problems import Problem, Refused, refused
from models.values.text import displayable, name_problem
from venue_tui.locale import LANGUAGES, _, current_language, ngettext
from venue_tui.program import program
from venue_tui.screens.rules.forms import load_rulebook
from venue_tui.screens.staff.file_import import take_in
from venue_tui.screens.staff.forms import StaffForm
from venue_tui.widgets.chooser import Choice, Chooser
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.widgets.status import StatusLine

_FILE, _HAND, _DONE = "file", "hand", "done"


class VenueForm(FormScreen[Session]):
    """Makes the venue; gives the session at which it is then worked. Nothing is written before."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url

    def title_line(self) -> str:
        return _("Your venue")

    def fields(self) -> Sequence[Field]:
        books = [(name, shipped.load(name)) for name in shipped.shipped()]
        tag = current_language()
        choices = [Choice(name, book.titles[tag], name) for name, book in books]

        def search(text: str) -> Iterable[Choice]:
            wanted = text.casefold()
            return (each for each in choices if wanted in f"{each.title} {each.key}".casefold())

        default = shipped.load(DEFAULT_RULEBOOK)
        return [
            Field("language", "Language 语言", tag, options=list(LANGUAGES.items())),
            Field("name", _("Its name"), hint=_("what the house is called")),
            Field("timezone", _("Time zone"), _here(), search=_zones,
                  hint=_("type a city, such as Shanghai")),
            Field("rulebook", _("Rulebook"), default.name, search=search,
                  start=default.titles[tag], hint=_("one that comes along, or a TOML file")),
        ]  # fmt: skip

    def on_options_changed(self) -> None:
        chosen = self.values()["language"]
        if chosen != current_language():
            self.run_worker(program(self).speak(chosen), exclusive=True)

    def verdict(self, values: dict[str, str]) -> str:
        lines = []
        try:
            there = datetime.now(UTC).astimezone(zone(values["timezone"]))
            lines.append(_("It is %s there now.") % f"{there:%Y-%m-%d %H:%M}")
        except Refused:
            pass
        if values["rulebook"] in shipped.shipped():
            lines.append(_about(shipped.load(values["rulebook"])))
        return " ".join(lines)

    def save(self, values: dict[str, str]) -> Session:
        problems: list[Problem] = []
        if (problem := name_problem(values["name"])) is not None:
            problems.append(problem)
        book = None
        try:
            if not values["timezone"]:
                raise refused("timezone", "may not be blank")
            zone(values["timezone"])
        except Refused as refusal:
            problems += refusal.problems
        try:
            book = load_rulebook(values["rulebook"], "rulebook")
        except Refused as refusal:
            problems += refusal.problems
        if problems or book is None:
            raise Refused(*problems)
        open_venue(self._url, create=True)
        make_venue(
            values["name"], values["timezone"], book, utc_now(), this_user(), this_terminal()
        )
        return Session()


def _here() -> str:
    """The machine's own time zone, as far as it can be told."""
    name = os.environ.get("TZ", "").removeprefix(":")
    if name in available_timezones():
        return name
    _before, found, name = os.path.realpath("/etc/localtime").partition("/zoneinfo/")
    if found and name in available_timezones() and not name.startswith("Etc/"):
        return name
    return "Asia/Shanghai" if current_language() == "zh-Hans" else ""


def _zones(text: str) -> Iterable[Choice]:
    wanted = text.casefold().replace(" ", "_")
    return (
        Choice(name, name) for name in sorted(available_timezones()) if wanted in name.casefold()
    )


def _about(book: Rulebook) -> str:
    sentence = ngettext(
        "%(n)s rule, briefing at %(briefing)s.", "%(n)s rules, briefing at %(briefing)s.",
        len(book.rules),
    )  # fmt: skip
    said = sentence % {"n": len(book.rules), "briefing": f"{book.briefing:%H:%M}"}
    if held := cautions(book):
        caution = ngettext(
            "The law says something on it: %(n)s caution, on the screen Rules.",
            "The law says something on it: %(n)s cautions, on the screen Rules.",
            len(held),
        )
        said += " " + caution % {"n": len(held)}
    return said


class FirstRunScreen(Screen[None]):
    """What lies behind the steps: how far they have come."""

    CSS = """
    FirstRunScreen { align: center top; }
    FirstRunScreen #welcome { width: 76; max-width: 100%; margin-top: 1; }
    """

    def __init__(self, url: str) -> None:
        super().__init__()
        self._url = url
        self._session: Session | None = None

    def compose(self) -> ComposeResult:
        yield Static("", id="welcome", markup=False)
        yield StatusLine()

    def on_mount(self) -> None:
        self._welcome()
        program(self).begin(self, self._steps())

    def _welcome(self) -> None:
        text = Text()
        text.append(_("Welcome. There is no venue here yet; two steps make one.") + "\n\n", "bold")
        venue = (
            displayable(self._session.venue) if self._session else _("its name, zone and rulebook")
        )
        text.append("  1  " + _("The venue: %s") % venue + "\n")
        count = len(directory.employed(self._session.tonight())) if self._session else 0
        people = ngettext("%(n)s staffer", "%(n)s staffers", count) % {"n": count}
        staff = people if count else _("a file, or by hand")
        text.append("  2  " + _("Who works there: %s") % staff + "\n")
        self.query_one("#welcome", Static).update(text)

    async def _steps(self) -> None:
        ask = program(self).push_screen_wait
        session: Session | None = await ask(VenueForm(self._url))
        if session is None:
            self.app.exit()
            return
        self._session = program(self).session = session
        while (how := await ask(self._who_works_there(session))) != _DONE:
            if how == _FILE:
                await take_in(self, session)
            elif how == _HAND:
                while (saved := await ask(StaffForm(session))) is not None:
                    self.notify(_("On the roster: %s") % directory.name_of(saved.staff_no))
                    self._welcome()
            else:
                break
        self.app.exit()

    def _who_works_there(self, session: Session) -> Chooser:
        self._welcome()
        if directory.employed(session.tonight()):
            done = Choice(_DONE, _("Open the venue"), _("everybody is there"))
        else:
            done = Choice(_DONE, _("Later"), _("open the venue without anybody"))
        choices = [
            Choice(_FILE, _("From a file"), _("staff.csv, or a folder of files")),
            Choice(_HAND, _("By hand"), _("one after the other")),
        ]
        choices.insert(0 if done.title == _("Open the venue") else 2, done)
        return Chooser(_("Who works there?"), choices)

    async def retranslate(self) -> None:
        """Says it in the language of now."""
        self._welcome()
