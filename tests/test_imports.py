"""No file imports what imports it, by however many in between, at its top, inside a function or
for a type alone."""

from graphlib import TopologicalSorter

import grimp


def test_files_import_one_way() -> None:
    graph = grimp.build_graph("models", "venue_tui", cache_dir=None)
    imported = {each: graph.find_modules_directly_imported_by(each) for each in graph.modules}
    TopologicalSorter(imported).prepare()  # which names the circle that it meets
