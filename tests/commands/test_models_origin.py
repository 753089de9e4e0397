"""The package `models` meets others of its name: in the current folder, and in its own place."""

import os
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest

_ROOT = Path(__file__).resolve().parents[2]
VENUE = ("--name", "霓虹", "--timezone", "Asia/Shanghai")
_INSTALLED = "sha256=" + "A" * 43  # as RECORD has it: not that of any file here
_FOREIGN = "raise RuntimeError('a package that is none of ours was imported')\n"


def start(
    *how: str, folder: Path, path: str = "", language: str = "C.UTF-8"
) -> subprocess.CompletedProcess[str]:
    """Starts the program as from a shell in the folder, with PYTHONPATH."""
    environ = {**os.environ, "PYTHONPATH": path, "LANG": language}
    return subprocess.run(
        [sys.executable, *how], cwd=folder, env=environ, capture_output=True, text=True, check=False
    )


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A folder of somebody's own, with a `models` package in it."""
    (tmp_path / "project" / "models").mkdir(parents=True)
    (tmp_path / "project" / "models" / "__init__.py").write_text(_FOREIGN)
    return tmp_path / "project"


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """The program's two packages as pip lays them, beside those of other distributions."""
    folder = tmp_path / "site"
    for package in ("venue_tui", "models"):
        copytree(_ROOT / package, folder / package)
    return folder


def ships(folder: Path, distribution: str, *files: str) -> None:
    """Says that the distribution is installed there and that the files are its own."""
    info = folder / f"{distribution.replace('-', '_')}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {distribution}\nVersion: 1.0\n")
    (info / "RECORD").write_text("".join(f"{file}\n" for file in files))


def by_module(path: Path) -> tuple[str, ...]:
    return ("-m", "venue_tui")


def by_script(path: Path) -> tuple[str, ...]:
    """As the command that pip makes does."""
    script = path / "command"
    script.write_text("import sys\nfrom venue_tui.__main__ import main\nsys.exit(main())\n")
    return (str(script),)


@pytest.mark.parametrize("way", [by_module, by_script])
def test_it_works_in_a_folder_with_models_of_its_own(way, tmp_path: Path, project: Path) -> None:
    for at, path in enumerate((_ROOT, f"{project}{os.pathsep}{_ROOT}")):
        url = f"sqlite:///{tmp_path}/venue{at}.db"
        for command in (("init", *VENUE), ("check",)):
            ran = start(*way(tmp_path), "--database", url, *command, folder=project, path=str(path))
            assert ran.returncode == 0, ran.stderr


def test_models_imported_before_are_let_go(tmp_path: Path, project: Path) -> None:
    (project / "models" / "__init__.py").write_text("")
    (project / "models" / "values.py").write_text("")
    before = (
        "import sys, models.values\n"
        f"sys.path.insert(0, {str(_ROOT)!r})\n"
        "from venue_tui.__main__ import main\n"
        "sys.argv[1:] = ['rules', '--help']\n"
        "main()\n"
    )
    ran = start("-c", before, folder=project)
    assert (ran.returncode, ran.stderr) == (0, "")


@pytest.mark.parametrize("way", [by_module, by_script])
def test_it_says_whose_package_lies_in_place_of_its_own(
    way, tmp_path: Path, installed: Path
) -> None:
    (installed / "models" / "__init__.py").write_text(_FOREIGN)
    ships(installed, "shop-models", "models/__init__.py")
    ran = start(*way(tmp_path), "--help", folder=tmp_path, path=str(installed))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"{installed / 'models'} is not Venue TUI's any more, but of the package shop-models: "
        "install Venue TUI into an environment of its own, by pipx or uv tool.\n"
    )


def test_it_says_that_nobody_says_whose_package_it_is(tmp_path: Path, installed: Path) -> None:
    (installed / "models" / "__init__.py").unlink()
    ran = start("-m", "venue_tui", folder=tmp_path, path=str(installed), language="zh_CN.UTF-8")
    assert ran.returncode == 1
    assert str(installed / "models") in ran.stderr
    assert "pipx" in ran.stderr
    assert "独立" in ran.stderr


def test_it_says_that_its_package_is_gone(tmp_path: Path, installed: Path) -> None:
    (installed / "models").rename(installed / "others")
    ran = start("-m", "venue_tui", folder=tmp_path, path=str(installed))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr.startswith(f"{installed / 'models'}, a part of Venue TUI, is missing: ")


@pytest.mark.parametrize("written", ["", "def f(:\n", "from models.nothing import n\n"])
def test_it_says_whose_file_was_written_over_one_of_its_own(
    written: str, tmp_path: Path, installed: Path
) -> None:
    file = "models/values/problems.py"
    (installed / file).write_text(written)
    ships(installed, "shop-models", file)
    ships(installed, "venue-tui", f"{file},{_INSTALLED},0")
    ran = start("-m", "venue_tui", "--help", folder=tmp_path, path=str(installed))
    assert (ran.returncode, ran.stdout) == (1, "")
    assert ran.stderr == (
        f"{installed / file} is not Venue TUI's any more, but of the package shop-models: "
        "install Venue TUI into an environment of its own, by pipx or uv tool.\n"
    )


def test_it_says_whose_file_a_command_met(tmp_path: Path, installed: Path) -> None:
    file = "models/access/accounts.py"
    (installed / file).write_text("")
    ships(installed, "shop-models", file)
    ships(installed, "venue-tui", f"{file},{_INSTALLED},0")
    url = f"sqlite:///{tmp_path}/venue.db"
    made = start(
        "-m", "venue_tui", "--database", url, "init", *VENUE,
        folder=tmp_path, path=str(_ROOT),
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
    ran = start(
        "-m", "venue_tui", "--database", url, "accounts", "list",
        folder=tmp_path, path=str(installed),
    )  # fmt: skip
    assert ran.returncode == 1
    assert "shop-models" in ran.stderr
    assert "Traceback" not in ran.stderr
