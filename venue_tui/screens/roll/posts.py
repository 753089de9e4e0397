"""Where somebody works in a night and at what, and what the clock at the door told of them."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from models.operations import posts
from models.operations.first_punches import DIFFERENT, first_punches
from models.operations.posts import Post
from models.operations.roll import Signs
from venue_tui.locale import _
from venue_tui.screens.shared.clock import clock
from venue_tui.widgets.form import Field, FormScreen
from venue_tui.widgets.lines import Line, line
from venue_tui.words import listed

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.screens.shared.base import VenueScreen


class _Given(NamedTuple):
    """The post that was given, and the one before."""

    post: Post | None
    was: Post | None


class PostForm(FormScreen[_Given]):
    """Asks where somebody works in a night and at what; the last time's is written there."""

    def __init__(self, session: "Session", staff_no: str, name: str, night: date) -> None:
        super().__init__()
        self._session = session
        self._staff_no = staff_no
        self._who = name
        self._night = night

    def title_line(self) -> str:
        return _("The post of %(name)s on %(night)s") % {"name": self._who, "night": self._night}

    def fields(self) -> Sequence[Field]:
        known = posts.post(self._staff_no, self._night) or posts.last_post(
            self._staff_no, self._night
        )
        post = known or Post(None, None)
        return [
            Field("duty", _("Duty"), post.duty or "", _("such as door, floor, cashier")),
            Field("area", _("Area"), post.area or "", _("such as hall, second floor")),
        ]

    def verdict(self, values: dict[str, str]) -> str:
        if posts.post(self._staff_no, self._night) is None and any(values.values()):
            return _("As the last time, unless you change it.")
        return ""

    def save(self, values: dict[str, str]) -> _Given:
        new = Post(values["duty"] or None, values["area"] or None)
        was = posts.put(self._session, self._staff_no, self._night, new)
        return _Given(posts.post(self._staff_no, self._night), was)


def give_post(screen: "VenueScreen", staff_no: str, name: str, night: date) -> None:
    """Asks for somebody's post of a night and writes it down."""

    def given(done: _Given | None) -> None:
        if done is None:
            return
        if done.post == done.was:
            screen.say(_("Nothing was changed."))
            return
        where = shown(done.post) if done.post is not None else _("none")
        undo = partial(posts.put, screen.session, staff_no, night, done.was, undone=True)
        screen.did(_("%(name)s: post %(post)s") % {"name": name, "post": where}, undo)
        screen.refresh_data()

    screen.app.push_screen(PostForm(screen.session, staff_no, name, night), given)


def shown(post: Post) -> str:
    """A post in a few words."""
    return listed(filter(None, post))


def post_lines(session: "Session", night: date, staff_no: str, signs: Signs) -> Iterator[Line]:
    """Somebody's post of a night, and the first punch where it says something else than the
    mark."""
    if (post := posts.post(staff_no, night)) is not None:
        yield line(_("Post: %s") % shown(post))
    at = first_punches(session, night, night, staff_no).get((night, staff_no))
    marked = signs.arrived_at if signs.arrived_at is not None else signs.made_up_at
    if at is None or (marked is not None and abs(marked - at) < DIFFERENT):
        return
    yield line(_("clock at the door: %s") % clock(session, at), "warning" if marked else "")
