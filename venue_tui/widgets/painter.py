"""What widgets have in common that paint their lines themselves, and often only some of them."""

from typing import TYPE_CHECKING, Any

from venue_tui.textual_internals import LateStyled

if TYPE_CHECKING:
    from rich.style import Style
    from textual.geometry import Region


class Painter(LateStyled):
    """A widget that keeps the styles it paints in until all of it is painted anew: to work one out
    takes as long as a line, and Textual does it again for each line that is repainted."""

    def __init__(self, *args: Any, **options: Any) -> None:
        self._styles_kept: dict[str, Style] = {}
        super().__init__(*args, **options)

    def style_of(self, component: str = "") -> "Style":
        """The style of that component class, or the widget's own."""
        if (style := self._styles_kept.get(component)) is None:
            style = self.get_component_rich_style(component) if component else self.rich_style
            self._styles_kept[component] = style
        return style

    def refresh(self, *regions: "Region", **options: Any) -> Any:
        if not regions:
            self._styles_kept.clear()
        return super().refresh(*regions, **options)

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self.refresh()
