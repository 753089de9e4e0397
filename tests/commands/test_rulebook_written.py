"""A shipped rulebook written out, to be changed and adopted."""

from pathlib import Path

from tests.commands.conftest import Run


def test_a_shipped_rulebook_is_written_out_and_reads_back(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "ours.toml"
    assert run("rules", "write", "nightlife", "-o", str(path)).status == 0
    assert run("rules", "check", str(path)).status == 0
    printed = run("rules", "write", "nightlife")
    assert printed.out == path.read_text("utf-8")
    again = run("rules", "write", "club", "-o", str(path))
    assert (again.status, "there already" in again.err) == (1, True)
    unknown = run("rules", "write", "nothing")
    assert (unknown.status, "property_sales" in unknown.err) == (1, True)
