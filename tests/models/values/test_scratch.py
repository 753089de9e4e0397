"""Folders for the moment, and what is left of those whose process was killed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from models.values.files import scratch

HOLD = (
    "import sys; from models.values.files import scratch\n"
    "with scratch() as folder:\n"
    "    (folder / 'x').write_text('x'); print(folder, flush=True); sys.stdin.read()"
)


@pytest.mark.skipif(os.name == "nt", reason="there are no such locks")
def test_what_a_killed_process_left_is_swept_and_what_is_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    (tmp_path / "venue-tui-theirs").mkdir()  # somebody else's of that name
    started = [
        subprocess.Popen(
            [sys.executable, "-c", HOLD], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    killed, working = (Path(each.stdout.readline().strip()) for each in started)  # type: ignore[union-attr]
    started[0].kill()
    started[0].wait()
    assert (killed / "x").exists()

    with scratch() as folder:
        assert folder.parent == tmp_path
        assert not killed.exists()
        assert (working / "x").exists()

    assert not folder.exists()
    started[1].communicate("")
    assert sorted(each.name for each in tmp_path.glob("venue-tui-*")) == ["venue-tui-theirs"]
