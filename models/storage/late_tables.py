"""The tables, made once the first of them is asked for. For what a start needs that seldom writes:
making them is a thirtieth of it."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from models.storage.tables import *  # noqa: F403
else:

    def __getattr__(name: str) -> Any:
        from models.storage import tables

        return getattr(tables, name)
