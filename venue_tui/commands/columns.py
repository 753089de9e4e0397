"""Rows of text in columns on standard output, as wide as a terminal shows them."""

from collections.abc import Collection, Sequence

import click


def show(rows: Sequence[Sequence[str]], right: Collection[int] = ()) -> None:
    """Prints the rows with their columns aligned, those named in `right` to the right; a Chinese
    character takes two cells."""
    from rich.cells import cell_len

    from models.values.text import displayable

    shown = [[displayable(cell) for cell in row] for row in rows]
    widths = [max(map(cell_len, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        cells = []
        for i, cell in enumerate(row):
            blank = " " * (widths[i] - cell_len(cell))
            cells.append(blank + cell if i in right else cell + blank)
        click.echo("  ".join(cells).rstrip())
