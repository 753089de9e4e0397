"""A list, and what there is to say of its selected row: below it, or at its right where there is
room."""

from textual.containers import Container


class Split(Container):
    """Its last child says what is selected. On a wide screen it stands at the right, in a panel of
    its own; on one as narrow as a phone it is left out, and Enter shows it."""

    DEFAULT_CSS = """
    Split { height: 1fr; layout: vertical; }
    Split > .detail { height: 5; padding: 0 1; background: $boost; }
    """
