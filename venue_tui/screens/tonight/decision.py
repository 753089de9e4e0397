"""One thing that waits to be decided on Tonight, and how a request is."""

from abc import ABC, abstractmethod
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from models.access.permissions import require_superior
from venue_tui.locale import _
from venue_tui.screens.shared.base import VenueScreen
from venue_tui.screens.shared.people import as_somebody
from venue_tui.widgets.line_list import Row
from venue_tui.widgets.lines import Line

if TYPE_CHECKING:
    from models.access.session import Session
    from venue_tui.screens.shared.charge_preview import Doubts


class Done(NamedTuple):
    """A decision that was made: what to say of it, and how to undo it. `undo` is None where it was
    so already."""

    said: list[str]
    undo: Callable[[], object] | None


class DecidingScreen(VenueScreen):
    """A screen on which what waits is decided."""

    def decided(self, done: Done) -> None:
        """Says what was decided, and keeps how to undo it; the cursor goes to what waits next."""
        if done.undo is None:
            self.say(_("Nothing was changed."))
        else:
            self.did("\n".join(done.said), done.undo)
        self.refresh_data()


class PendingDecision(ABC):
    """One thing to decide. `where` is the screen that tells all about it."""

    where: ClassVar[str]

    @property
    @abstractmethod
    def key(self) -> str: ...

    @property
    @abstractmethod
    def staff_no(self) -> str: ...

    @abstractmethod
    def row(self, session: "Session") -> Row:
        """Its line: what, who, what for, and what it costs."""

    @abstractmethod
    def detail(self, session: "Session") -> list[Line]:
        """What there is to know before deciding."""

    @abstractmethod
    def decide(self, screen: DecidingScreen, accept: bool) -> None:
        """Asks what there is to be asked, and decides."""


class PendingRequest(PendingDecision):
    """What a superior approves at once, or rejects with a reason."""

    @abstractmethod
    def approve(self, session: "Session", by: str | None) -> Done: ...

    @abstractmethod
    def reject(self, session: "Session", by: str | None, reason: str) -> Done: ...

    @property
    @abstractmethod
    def rejection(self) -> str:
        """The question that a rejection asks its reason with."""

    def doubts(self, session: "Session") -> "Doubts | None":
        """What to ask about before it is approved; mostly nothing."""
        return None

    @property
    def since(self) -> date | None:
        """The first night whose charges an approval may change; None where it charges nobody."""
        return None

    def require_decider(self, session: "Session", by: str | None) -> None:
        """Raises Refused where it isn't theirs to decide, before they write why."""
        require_superior(session, by, self.staff_no)

    def decide(self, screen: DecidingScreen, accept: bool) -> None:
        flow = self._approved(screen) if accept else self._rejected(screen)
        screen.program.begin(screen, flow)

    async def _approved(self, screen: DecidingScreen) -> None:
        from venue_tui.screens.shared.charge_preview import once_named_as

        session = screen.session
        doubts = self.doubts(session)
        done = await once_named_as(
            screen, lambda by: self.approve(session, by), self.staff_no, self.since, doubts
        )
        if done is not None:
            screen.decided(done)

    async def _rejected(self, screen: DecidingScreen) -> None:
        from venue_tui.widgets.reason_prompt import ReasonPrompt

        done: list[Done] = []

        def prompt_of(by: str | None) -> ReasonPrompt:
            self.require_decider(screen.session, by)
            _what, name, note, _cost = self.row(screen.session).cells

            def do(reason: str) -> None:
                done.append(self.reject(screen.session, by, reason))

            return ReasonPrompt(self.rejection, [f"{name}  {note}"], do=do)

        prompt = await as_somebody(screen, prompt_of, about=self.staff_no)
        if prompt is not None and await screen.program.push_screen_wait(prompt) is not None:
            screen.decided(done[-1])
