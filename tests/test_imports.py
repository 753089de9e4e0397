"""No file imports what imports it, by however many in between, at its top or inside a function."""

from graphlib import TopologicalSorter

import grimp

APP = "venue_tui.app"


def _in_order(*, for_types: bool) -> TopologicalSorter[str]:
    graph = grimp.build_graph(
        "models", "venue_tui", exclude_type_checking_imports=not for_types, cache_dir=None
    )
    return TopologicalSorter(
        {
            module: graph.find_modules_directly_imported_by(module)
            - ({APP} if for_types else set())
            for module in graph.modules
        }
    )


def test_files_import_one_way() -> None:
    _in_order(for_types=False).prepare()  # which names the circle that it meets


def test_only_the_app_is_imported_back_for_its_type() -> None:
    _in_order(for_types=True).prepare()
