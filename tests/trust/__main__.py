"""The trials of `tests.trust` at full size: `python -m tests.trust [--kills N] [--operations N]
[--losses N] [--files N] [--databases N] [--postgresql URL]`. Takes some minutes."""

import argparse
import tempfile
import time
from pathlib import Path

from tests.trust import connections, terminals
from tests.trust.crashes import Trials
from tests.trust.spoiled_databases import SpoiledDatabases
from tests.trust.spoiled_files import SpoiledFiles

KINDS = {
    "roll_call": "marks that had been acknowledged are all there",
    "imports": "imports were whole, the others left nothing",
    "closings": "months are closed, whole",
    "backups": "backups were whole, the others left the one before",
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.trust")
    parser.add_argument("--kills", type=int, default=200, help="processes killed in all")
    parser.add_argument("--operations", type=int, default=10_000, help="of eight terminals")
    parser.add_argument("--losses", type=int, default=200, help="of the connection")
    parser.add_argument("--files", type=int, default=5_000, help="spoiled and imported")
    parser.add_argument("--databases", type=int, default=1_500, help="spoiled and worked with")
    parser.add_argument("--postgresql", metavar="URL", help="a server's, such as …@127.0.0.1:5432")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="venue-tui-trust-") as folder:
        spoiled = SpoiledFiles(Path(folder), given.seed).import_spoiled(given.files)
        print(f"spoiled files: {dict(spoiled)}", flush=True)
        worked = SpoiledDatabases(Path(folder), given.seed).work_with(given.databases)
        print(f"spoiled databases: {dict(worked)}", flush=True)
        for database in ("sqlite", *(("postgresql",) if given.postgresql else ())):
            for kind, found in KINDS.items():
                url, place = _fresh(database, Path(folder), given.postgresql, kind)
                started = time.perf_counter()
                trials = Trials(url, place, given.seed)
                count = getattr(trials, kind)(given.kills // len(KINDS))
                print(
                    f"{database}: killed {given.kills // len(KINDS)} times in {kind}: {count}"
                    f" {found} ({time.perf_counter() - started:.0f} s)",
                    flush=True,
                )
            url, _ = _fresh(database, Path(folder), given.postgresql, "connections")
            seen = connections.run(url, given.losses, given.seed)
            print(f"{database}: {seen.report()}", flush=True)
            url, _ = _fresh(database, Path(folder), given.postgresql, "terminals")
            told = terminals.run(url, 8, given.operations // 8)
            print(f"{database}: eight terminals flat out: {told.report()}", flush=True)
            url, _ = _fresh(database, Path(folder), given.postgresql, "paced")
            told = terminals.run(url, 8, given.operations // 200, a_second=5)
            print(f"{database}: eight at five marks a second: {told.report()}", flush=True)


def _fresh(database: str, folder: Path, server: str | None, name: str) -> tuple[str, Path]:
    """An empty database, and a folder for its trial."""
    place = folder / f"{database}-{name}"
    place.mkdir()
    if database == "sqlite":
        return f"sqlite:///{place}/venue.db", place
    import psycopg

    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS venue_tui_trust_{name} WITH (FORCE)")
        connection.execute(f"CREATE DATABASE venue_tui_trust_{name}")
    return f"{server}/venue_tui_trust_{name}", place


if __name__ == "__main__":
    main()
