"""Textual's bindings, made from the registry of actions."""

from textual.binding import Binding, BindingType

from venue_tui.actions import BY_SCREEN, SHARED, Action


def bindings(*groups: str) -> list[BindingType]:
    """The bindings of these screens or shared groups, each with its action's id.

    Their descriptions are source messages; whoever shows them translates.
    """
    return [
        binding(action)
        for group in groups
        for action in (SHARED.get(group) or BY_SCREEN.get(group, ()))
        if action.key
    ]


def binding(action: Action) -> Binding:
    return Binding(
        action.key,
        action.run,
        action.title,
        show=action.shown,
        priority=action.priority,
        id=action.id,
    )


def hidden(actions: dict[str, str]) -> list[BindingType]:
    """Bindings for the keys that everybody knows: arrows and the like, listed nowhere."""
    return [Binding(key, action, show=False) for key, action in actions.items()]
