"""Proving that the database holds what the audit trail says it became.

The trail is replayed: the rows that its lines carry, one line after the other, come to what every
table must hold now. A row that differs, that no line tells of, or that is gone without a line was
changed by something else than this program.

What this can't see alone: a trail that was written anew as a whole, links and all, or whose end was
cut off together with the facts it told of. Heads that are kept elsewhere (`witness`) show those.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from peewee import Database

from models.storage import audit, changes
from models.storage.change_coding import as_told, decode
from models.storage.changes import Change
from models.storage.database import Noted, connected, database, execute, is_sqlite, transaction
from models.storage.proof_record import Proved, dated
from models.storage.trail_schema import Row, Schema, all_bound, schema
from models.values.nights import Instant, utc_now
from models.values.problems import Problem, Refused, problem

Key = tuple[Any, ...]
Where = tuple[str, Key]
"""A table and the key of a row in it."""

_CARRIED = "SELECT seq, changes FROM audit WHERE changes IS NOT NULL"
_TOGETHER = 500
"""How many lines are asked for by their numbers at once."""


class Reached(Exception):
    """A line tells of what was proved before it: all has to be proved anew."""


class Differing(NamedTuple):
    """A row that isn't what the trail says, by its columns. `told` is None where no line tells of
    it, `held` where the database lacks it."""

    told: Mapping[str, Any] | None
    held: Mapping[str, Any] | None
    row: Row | None = None
    """The row as the database holds it, with nothing covered."""


def _rows(backend: Database, sql: str) -> Iterable[tuple[Any, ...]]:
    run: Callable[[str], Iterable[tuple[Any, ...]]] = backend.execute_sql
    return run(sql)


_UNDER_TABLES = """
    SELECT c.relname, c.relkind <> 'r' OR c.relrowsecurity
        OR EXISTS (SELECT 1 FROM pg_trigger t WHERE t.tgrelid = c.oid AND NOT t.tgisinternal)
        OR EXISTS (SELECT 1 FROM pg_rewrite r WHERE r.ev_class = c.oid)
    FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
"""


def odd_tables() -> list[Problem]:
    """The tables of the open database that are missing, or aren't as this program makes them."""
    from models.storage.tables import BaseModel  # which those who prove nothing don't wait for

    found = []
    schemas = database.schemas()
    for model in BaseModel.__subclasses__():
        known = model._meta
        table = known.table_name
        if (held := schemas.get(table)) is None:
            found.append(problem("database", "the table %(table)s is missing", table=table))
            continue
        key = {field.column_name for field in known.get_primary_keys()}  # type: ignore[no-untyped-call]
        if missing := sorted(set(known.columns) - set(held.columns)):
            found.append(
                problem(
                    "database",
                    "the table %(table)s lacks %(columns)s",
                    table=table,
                    columns=", ".join(missing),
                )
            )
        elif set(held.columns) != set(known.columns) or set(held.key) != key:
            found.append(
                problem(
                    "database", "the table %(table)s isn't as this program made it", table=table
                )
            )
    return found


def foreign_parts() -> list[Problem]:
    """What of the open database's schema isn't as this program makes it: its tables, and whatever
    works by itself inside the database (views, triggers and rules), which could show or write other
    rows than the trail tells of."""
    from models.storage.tables import TABLES

    found = odd_tables()
    if not is_sqlite():
        alive = {name for name, works in execute(_UNDER_TABLES).fetchall() if works}
        names = [name for table in TABLES if (name := table._meta.table_name) in alive]
    else:
        sql = "SELECT name FROM sqlite_master WHERE type IN ('view', 'trigger') ORDER BY name"
        names = [name for (name,) in execute(sql).fetchall()]
    return found + [
        problem("database", "%(name)s works inside the database: it isn't this program's",
                name=name)
        for name in names
    ]  # fmt: skip


def damage() -> Problem | str | None:
    """Why the open database can't be worked with, where a failure is its own: pages or texts that
    can't be read, tables or columns that are missing, or rows that are not what the trail says.
    None where nothing is wrong with it, and where it can't be reached."""
    if database.obj is None:
        return None
    try:
        with connected():
            if is_sqlite():
                [answer] = database.execute_sql("PRAGMA integrity_check(1)").fetchone()
                if answer != "ok":
                    return str(answer)
            for odd in odd_tables():
                return odd
            for table, key in differing(database.obj):
                return " ".join(map(str, (table, *key)))
    except Refused:
        return None
    except Exception as error:  # whatever a spoiled file makes of reading it
        return (str(error).strip() or type(error).__name__).splitlines()[0] if is_sqlite() else None
    return None


def differing(backend: Noted, spared: Proved | None = None) -> dict[Where, Differing]:
    """Every row that is not what the trail says it became; none where it carries no changes yet.

    `spared` leaves out what was proved, which must be as it was. Raises Reached where a line since
    then tells of any of that.
    """
    held_tables = backend.schemas()
    if (audited := held_tables.get("audit")) is None or "changes" not in audited.columns:
        return {}  # before an update it may be an older program's
    schemas = all_bound(held_tables)
    told = _replayed(backend, schemas, spared)
    found: dict[Where, Differing] = {}
    for table, known in schemas.items():
        expected = told.pop(table, {})
        at = [known.columns.index(column) for column in known.key]
        columns = ", ".join(f'"{column}"' for column in known.columns)
        sql = f'SELECT {columns} FROM "{table}"'
        if spared is not None and (column := dated(table, known.columns)) is not None:
            sql += f" WHERE \"{column}\" >= '{spared.end(column)}'"
            index = known.columns.index(column)
            expected = {
                k: row for k, row in expected.items() if not spared.covers(column, row[index])
            }
        for row in _rows(backend, sql):
            held = as_told(known.columns, row)
            key = tuple(held[index] for index in at)
            stood = expected.pop(key, None)
            if stood != held:
                found[table, key] = Differing(_named(known, stood), _named(known, held), row)
        for key, stood in expected.items():
            found[table, key] = Differing(_named(known, stood), None)
    return found


def _replayed(
    backend: Database, schemas: Mapping[str, Schema], spared: Proved | None
) -> dict[str, dict[Key, list[Any]]]:
    """What the trail says every table holds: its rows by their keys, as `as_told` gives them. With
    `spared`, of what was proved only what came with other rows."""
    tables: dict[str, dict[Key, list[Any]]] = defaultdict(dict)
    for seq, kept in _carried(backend, spared):
        for change in decode(kept):
            if (known := schemas.get(change.table)) is None:
                continue
            if spared is not None and seq > spared.seq:
                _keep_out(change, known, tables[change.table], spared)
            _replay(change, known, tables[change.table])
    return tables


def _carried(backend: Database, spared: Proved | None) -> Iterator[tuple[Any, ...]]:
    """(number, changes) of the lines to be replayed, in order."""
    if spared is None:
        yield from _rows(backend, f"{_CARRIED} ORDER BY seq")
        return
    for i in range(0, len(spared.live), _TOGETHER):
        some = ", ".join(map(str, spared.live[i : i + _TOGETHER]))
        yield from _rows(backend, f"{_CARRIED} AND seq IN ({some}) ORDER BY seq")
    yield from _rows(backend, f"{_CARRIED} AND seq > {spared.seq} ORDER BY seq")


def _keep_out(
    change: Change, known: Schema, rows: Mapping[Key, Sequence[Any]], spared: Proved
) -> None:
    """Raises Reached where a change is one of what was proved, or may be."""
    column = dated(change.table, known.columns)
    if column is None:
        return
    index = known.columns.index(column)
    at = [change.columns.index(each) for each in known.key if each in change.columns]
    told = change.columns.index(column) if column in change.columns else None
    for row in change.rows():
        stood = rows.get(tuple(row[i] for i in at))
        if (stood is None and told is None) or (stood and spared.covers(column, stood[index])):
            raise Reached
        if told is not None and spared.covers(column, row[told]):
            raise Reached


def _replay(change: Change, known: Schema, rows: dict[Key, list[Any]]) -> None:
    at = [change.columns.index(column) for column in known.key if column in change.columns]
    if len(at) < len(known.key):
        return
    if change.now is None:
        for row in change.was or ():
            if row is not None:
                rows.pop(tuple(row[index] for index in at), None)
        return
    if change.columns == known.columns:
        for row in change.now:
            rows[tuple(row[index] for index in at)] = list(row)
        return
    places = {column: index for index, column in enumerate(known.columns)}
    moves = [
        (index, places[column]) for index, column in enumerate(change.columns) if column in places
    ]
    for row in change.now:
        key = tuple(row[index] for index in at)
        stood = rows.get(key)
        if stood is None:
            stood = rows[key] = [None] * len(known.columns)
        for source, target in moves:
            stood[target] = row[source]


def _named(known: Schema, row: Sequence[Any] | None) -> Mapping[str, Any] | None:
    return None if row is None else dict(zip(known.columns, row, strict=True))


def bind(unproved: Mapping[Where, Differing]) -> None:
    """Puts on the trail what a change of the schema made of the rows, so that from now on they are
    proved. `unproved` were not what the trail said even before: they stay unproved."""
    moved = [
        (table, each)
        for (table, key), each in differing(database.obj).items()
        if (table, key) not in unproved
    ]
    if not moved:
        return
    with transaction():
        for table, each in moved:
            changes.note(_as_change(table, each))
        audit.record(at=utc_now(), who="-", terminal="-", action="trail.bound")


def _as_change(table: str, each: Differing) -> Change:
    if each.held is not None and each.row is not None:
        return Change(table, tuple(each.held), [each.row])
    told = each.told or {}
    known = schema(database.obj, table)
    key = known.key if known is not None else ()
    return Change(table, key, None, [[told[column] for column in key]])


def misfiled_lines(backend: Database, after: int = 0) -> list[int]:
    """The lines after that one which would not be found by every staffer and night whose rows they
    carry."""
    filed: dict[int, set[tuple[str, str]]] = defaultdict(set)
    touched = f"SELECT kind, value, seq FROM audit_touched WHERE seq > {int(after)}"
    for kind, value, seq in _rows(backend, touched):
        filed[seq].add((kind, value))
    found = []
    lines = (
        "SELECT seq, staff_no, night, changes FROM audit"
        f" WHERE changes IS NOT NULL AND seq > {int(after)} ORDER BY seq"
    )
    for seq, staff_no, night, kept in _rows(backend, lines):
        about = audit.touched(decode(kept)) - {("staff", staff_no), ("night", night)}
        if about != filed.pop(seq, set()):
            found.append(seq)
    return sorted([*found, *filed])


def backward_steps(backend: Database) -> Iterator[tuple[int, Instant, Instant]]:
    """Where time runs backwards on the trail by more than terminals may disagree: the line, its
    instant, and the latest one before it."""
    latest: Instant | None = None
    for seq, at in _rows(backend, "SELECT seq, at FROM audit ORDER BY seq"):
        if latest is not None and at < latest - audit.TOLERANCE:
            yield seq, at, latest
            latest = at  # what follows is compared with the clock as it was set
            continue
        latest = at if latest is None else max(latest, at)
