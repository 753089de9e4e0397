"""Arguments that many commands take."""

from datetime import date

import click

from venue_tui.locale import _


def month_argument(ctx: click.Context, param: click.Parameter, value: str | None) -> str | None:
    """A click callback that takes a month written YYYY-MM."""
    from models.values.nights import parse_month

    if value is None:
        return None
    try:
        return parse_month(value)
    except ValueError as error:
        raise click.BadParameter(_(str(error)), ctx, param) from None


def night_argument(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A click callback that takes a night written YYYY-MM-DD."""
    from models.values.nights import parse_night

    if value is None:
        return None
    try:
        return parse_night(value)
    except ValueError as error:
        raise click.BadParameter(_(str(error)), ctx, param) from None
