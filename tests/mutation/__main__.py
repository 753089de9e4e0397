"""`python -m tests.mutation [--sample N] [--seed S] [MODULE...]`: changes the modules that decide
about money one place at a time, and runs the tests that are about them.

Says for each change that no test noticed where it is; exit status 1 when less than 95 % were
noticed. Equivalent changes, which no test could notice, are in `EQUIVALENT` with the reason.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random

from tests.mutation.mutants import ROOT, Mutant, mutants

WANTED = 0.95
_PATIENCE = 600.0
"""Seconds that the tests of one change may take: it may make them run for ever."""

JUDGED = ("tests/models/rules/test_judgement.py", "tests/models/rules/test_judgement_properties.py")
PAID = (
    "tests/models/payroll/test_deductions.py",
    "tests/models/payroll/test_months.py",
    "tests/commands/test_closing.py",
)
NOTICED_BY: dict[str, tuple[str, ...]] = {
    "models/rules/judgement.py": JUDGED,
    "models/rules/employment.py": (
        "tests/models/operations/test_staff.py",
        *PAID[:1],
        "tests/commands/test_postings.py",
    ),
    "models/values/nights.py": ("tests/models/values/test_nights.py",),
    "models/values/money.py": ("tests/models/values/test_money.py", *PAID[:1]),
    "models/ledger/ledger.py": ("tests/models/ledger", "tests/models/operations/test_roll.py"),
    "models/ledger/unended.py": PAID[1:],
    "models/ledger/separations.py": (
        "tests/models/operations/test_staff.py",
        "tests/commands/test_judgement.py",
        *PAID[2:],
    ),
    "models/payroll/deductions.py": PAID,
    "models/payroll/months.py": PAID,
    "models/access/permissions.py": ("tests/models/access/test_permissions.py",),
}
"""Each module, and the tests that should notice what is done to it."""

EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "models/ledger/ledger.py",
        '"UPDATE briefings SET settled = ? WHERE night = ? AND night >= ? AND settled"',
        "'UPDATE briefings SET settled = ? WHERE night = ? OR night >= ? AND settled'",
    ): "more nights are judged once more, and come out as they were",
    (
        "models/values/money.py",
        "4096",
        "4097",
    ): "how many amounts are remembered is no matter of what they are",
}
"""(file, what stood there, what stands there now) of changes that change nothing, and why."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("modules", nargs="*", choices=[*NOTICED_BY, []], default=[])
    parser.add_argument("--sample", type=int, help="only so many, picked by chance")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    chosen = [
        each
        for module in options.modules or NOTICED_BY
        for each in mutants(module)
        if (each.path, each.was, each.now) not in EQUIVALENT
    ]
    if options.sample is not None and options.sample < len(chosen):
        chosen = sorted(Random(options.seed).sample(chosen, options.sample))
    with tempfile.TemporaryDirectory(prefix="venue-tui-mutation-") as folder:
        copy = Path(folder)
        for name in ("models", "venue_tui", "tests"):
            shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copy(ROOT / "pyproject.toml", copy)
        survivors = [each for each in chosen if not _noticed(each, copy)]
    killed = len(chosen) - len(survivors)
    score = killed / len(chosen) if chosen else 1.0
    print(f"{killed} of {len(chosen)} changes were noticed: {score:.1%}")
    return 0 if score >= WANTED else 1


def _noticed(mutant: Mutant, copy: Path) -> bool:
    file = copy / mutant.path
    source = file.read_bytes()
    file.write_bytes(mutant.applied(source))
    try:
        noticed = _fail(NOTICED_BY[mutant.path], copy)
    finally:
        file.write_bytes(source)
    print(f"{'noticed ' if noticed else 'SURVIVED'} {mutant}", flush=True)
    return noticed


def _fail(tests: tuple[str, ...], copy: Path) -> bool:
    """Whether any of the tests fails, or doesn't end."""
    command = [
        *(sys.executable, "-m", "pytest", "-n", "0", "-q", "-x", "-p", "no:cacheprovider"),
        *("-k", "not postgresql", *tests),
    ]
    environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": str(copy)}
    try:
        ran = subprocess.run(
            command, cwd=copy, env=environment, capture_output=True, timeout=_PATIENCE, check=False
        )
    except subprocess.TimeoutExpired:
        return True
    return ran.returncode != 0


if __name__ == "__main__":
    sys.exit(main())
