"""The short form that asks why."""

from collections.abc import Callable, Sequence

from models.values.problems import refused
from venue_tui.locale import _
from venue_tui.widgets.form import Field, FormScreen


class ReasonPrompt(FormScreen[str]):
    """Asks why. Dismissed with the reason, which isn't blank unless `blank_too`; None is never
    mind. `do`, if it is given, is done with the reason: what it refuses is said here, and the
    reason stays."""

    def __init__(
        self,
        title: str,
        lines: Sequence[str] = (),
        *,
        blank_too: bool = False,
        do: Callable[[str], object] | None = None,
    ) -> None:
        super().__init__()
        self._title = title
        self._lines = lines
        self._blank_too = blank_too
        self._do = do

    def title_line(self) -> str:
        return self._title

    def introduction(self) -> Sequence[str]:
        return self._lines

    def fields(self) -> Sequence[Field]:
        return [Field("reason", _("Reason"), hint=_("why"))]

    def save(self, values: dict[str, str]) -> str:
        reason = values["reason"]
        if not reason and not self._blank_too:
            raise refused("reason", "say why: a reason is needed here")
        if self._do is not None:
            self._do(reason)
        return reason
