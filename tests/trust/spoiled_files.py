"""Files spoiled at random as spreadsheets, mail and memory sticks spoil them, and imported over the
facts that they held when they were whole: refused, or the same facts. Never a traceback, never a
new key that looks like another."""

import random
from collections import Counter
from collections.abc import Callable
from contextlib import redirect_stderr
from datetime import date, datetime
from io import BytesIO, StringIO
from pathlib import Path

from models.backup.opening import open_venue
from models.storage.database import close_database, execute
from models.values.datasets import DATASETS
from venue_tui.cli import run

Rows = list[list[str]]
_STAFF = [
    "staff_no",
    "name",
    "team",
    "supervisor_no",
    "position",
    "on_roll",
    "hired_on",
    "left_on",
    "monthly_wage",
]
_NAMES = [
    "郑伟强",
    "谢雪萍",
    "林小贝",
    "何大可",
    "欧阳娜娜",
    "单雄信",
    "曾小贤",
    "区海燕",
    "贾敏",
    "邓建华",
    "马丁丁",
    "吕小红",
]


def sound_files() -> dict[str, Rows]:
    """A small house's files, header first, every cell as it is written."""
    staff = [_STAFF, ["D01", "钱总监", "", "", "director", "", "2025-01-01", "", "12000.00"]]
    staff.append(["S01", "孙主管", "一组", "D01", "supervisor", "yes", "2025-01-01", "", "8000.00"])
    for at, name in enumerate(_NAMES):
        staff.append(
            [
                f"{at + 7:04d}",
                name,
                "一组",
                "S01",
                "staff",
                "yes",
                "2025-03-01",
                "",
                f"{4000 + at}.50",
            ]
        )
    nights = [f"2026-09-{day:02d}" for day in range(1, 13)]
    attendance = [["night", "staff_no", "arrived_at", "departed_at"]]
    attendance += [
        [night, row[0], f"{night}T19:{(at * 7 + day) % 30:02d}", f"{night}T23:{at:02d}"]
        for day, night in enumerate(nights)
        for at, row in enumerate(staff[2:])
    ]
    bookings = [["booking_no", "night", "place", "staff_no", "guest_name", "status", "amount"]]
    bookings += [
        [
            f"{at + 100:06d}",
            night,
            f"V{at % 9 + 1:02d}",
            staff[at % 12 + 3][0],
            "胡先生",
            "left",
            "1880.00",
        ]
        for at, night in enumerate(nights)
    ]
    return {
        "staff": staff,
        "places": [["place", "kind"], *([f"V{at:02d}", "room"] for at in range(1, 10))],
        "briefings": [
            ["night", "closed_at", "director_no"],
            *([n, f"{n}T20:00", "D01"] for n in nights),
        ],
        "attendance": attendance,
        "bookings": bookings,
    }


def text(rows: Rows, delimiter: str = ",", end: str = "\r\n") -> str:
    return "".join(delimiter.join(row) + end for row in rows)


def _encoded(chance: random.Random, rows: Rows) -> bytes:
    codec = chance.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"))
    return text(rows, chance.choice(",;\t"), chance.choice(("\r\n", "\n"))).encode(codec)


def _chinese(chance: random.Random, rows: Rows, dataset: str) -> bytes:
    column = DATASETS[dataset].column
    traditional = chance.random() < 0.5
    head = [column[each].traditional if traditional else column[each].chinese for each in rows[0]]
    codec = chance.choice(("utf-8", "gb18030"))
    return text([head, *rows[1:]]).encode(codec)


def _shuffled(chance: random.Random, rows: Rows) -> bytes:
    places = list(range(len(rows[0])))
    chance.shuffle(places)
    body = rows[1:]
    chance.shuffle(body)
    return text([[row[i] for i in places] for row in [rows[0], *body]]).encode()


def _fewer(chance: random.Random, rows: Rows) -> bytes:
    gone = chance.randrange(len(rows[0]))
    kept = [rows[0], *(row for row in rows[1:] if chance.random() < 0.7)]
    return text([row[:gone] + row[gone + 1 :] for row in kept]).encode()


def _cells(chance: random.Random, rows: Rows, change: Callable[[str], str]) -> bytes:
    place = chance.randrange(len(rows[0]))
    share = chance.choice((0.05, 1.0))
    return text(
        [rows[0]]
        + [
            [
                change(cell) if i == place and chance.random() < share else cell
                for i, cell in enumerate(row)
            ]
            for row in rows[1:]
        ]
    ).encode()


def _as_number(cell: str) -> str:
    return cell.lstrip("0") or "0" if cell.isdigit() else cell


def _as_date(form: str) -> Callable[[str], str]:
    def change(cell: str) -> str:
        try:
            at = datetime.fromisoformat(cell)
        except ValueError:
            return cell
        clock = f" {at.hour}:{at:%M}" if "T" in cell else ""
        if form == "serial":
            return str((at.date() - date(1899, 12, 30)).days)
        return form.format(y=at.year, m=at.month, d=at.day) + clock

    return change


def _full_width(cell: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in cell)


_CHANGES: tuple[Callable[[str], str], ...] = (
    _as_number,
    lambda cell: f"{_as_number(cell)}.0" if cell.isdigit() else cell,
    lambda cell: "1.0E+05" if cell.isdigit() else cell,
    _full_width,
    lambda cell: cell.lower() if cell[:1] in "DSV" else cell,
    lambda cell: f"{cell}\u200b" if cell[:1].isdigit() and len(cell) < 7 else cell,
    lambda cell: "#N/A" if len(cell) < 7 else "#VALUE!",
    _as_date("{y}/{m}/{d}"),
    _as_date("{m}/{d}/{y}"),
    _as_date("{y}年{m}月{d}日"),
    _as_date("serial"),
    lambda cell: f'"{cell}',
)


def _framed(chance: random.Random, rows: Rows) -> bytes:
    wide = [[*row, "", ""] for row in rows] + [[""] * (len(rows[0]) + 2)] * 3
    above = chance.choice(([], [["营业日报 2026年9月"]], [["sep=,"]], [[""], [""]]))
    return ("\ufeff" * chance.randrange(3) + text([*above, *wide])).encode()


def _broken(chance: random.Random, rows: Rows) -> bytes:
    data = text(rows).encode()
    at = chance.randrange(len(data))
    match chance.randrange(5):
        case 0:
            # An amount that was cut off can't be told from a smaller one: the preview says so.
            return data[:at].rstrip(b"0123456789.,")
        case 1:
            return data[:at] + bytes(chance.randrange(0xF8, 0x100) for _ in range(2)) + data[at:]
        case 2:
            return data[:at] + b"\0" * chance.choice((1, 512)) + data[at:]
        case 3:
            line = data[:at].rfind(b"\n") + 1
            return data[:line] + data[line : data.find(b"\n", at) + 1] * 2 + data[at:]
    half = text(rows[: len(rows) // 2]).encode()
    return half + text(rows[len(rows) // 2 :]).encode("gb18030")


def _workbook(chance: random.Random, rows: Rows, dataset: str) -> bytes:
    import openpyxl

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = chance.choice((dataset, DATASETS[dataset].chinese, "Sheet1"))
    sheet.append(rows[0])
    numbers = chance.random() < 0.3
    for row in rows[1:]:
        sheet.append([_typed(cell, numbers) for cell in row])
    stream = BytesIO()
    book.save(stream)
    data = stream.getvalue()
    if chance.random() < 0.5:
        at = chance.randrange(len(data))
        data = chance.choice((data[:at], data[:at] + bytes([data[at] ^ 0x55]) + data[at + 1 :]))
    return data


def _typed(cell: str, numbers: bool) -> object:
    if "-" in cell and cell[:2] == "20":
        return datetime.fromisoformat(cell)
    if "." in cell and cell.replace(".", "").isdigit():
        return float(cell)
    return int(cell) if numbers and cell.isdigit() else cell or None


def spoil(chance: random.Random, dataset: str, rows: Rows) -> tuple[str, bytes]:
    """The file's suffix and bytes."""
    kind = chance.randrange(8)
    if kind == 0:
        return ".xlsx", _workbook(chance, rows, dataset)
    if kind == 1:
        return ".csv", _chinese(chance, rows, dataset)
    if kind in (2, 3):
        return ".csv", _cells(chance, rows, chance.choice(_CHANGES))
    return ".csv", chance.choice((_encoded, _shuffled, _fewer, _framed, _broken))(chance, rows)


class SpoiledFiles:
    """One venue that spoiled files are imported into."""

    def __init__(self, folder: Path, seed: int = 1) -> None:
        self.folder = folder
        self.url = f"sqlite:///{folder}/venue.db"
        self.chance = random.Random(seed)
        self.files = sound_files()
        whole = folder / "whole"
        whole.mkdir()
        for name, rows in self.files.items():
            (whole / f"{name}.csv").write_text(text(rows), encoding="utf-8", newline="")
        assert self._run("init", "--name", "金夜", "--timezone", "Asia/Shanghai")[0] == 0
        status, said = self._run("import", str(whole))
        assert status == 0, said
        self.facts = self._facts()

    def import_spoiled(self, trials: int) -> Counter[str]:
        """How many of so many spoiled files were refused, and how many changed nothing."""
        seen: Counter[str] = Counter()
        for trial in range(trials):
            dataset = self.chance.choice(list(self.files))
            suffix, data = spoil(self.chance, dataset, self.files[dataset])
            path = self.folder / f"{dataset}{suffix}"
            path.write_bytes(data)
            status, said = self._run("import", str(path))
            for word in ("Traceback", "unforeseen", "had to stop"):
                assert word not in said, (trial, said, data[:2000])
            assert status in (0, 1), (trial, said)
            assert status == 1 or "Nothing changed" in said, (trial, said, data[:2000])
            seen["refused" if status else "the same facts"] += 1
            path.unlink()
        assert self._facts() == self.facts
        return seen

    def _run(self, *arguments: str) -> tuple[int, str]:
        said = StringIO()
        with redirect_stderr(said):
            status = run(["--database", self.url, *arguments])
        return status, said.getvalue()

    def _facts(self) -> list[list[str]]:
        open_venue(self.url)
        try:
            return [
                sorted(map(repr, execute(f"SELECT * FROM {name}").fetchall()))
                for name in (*self.files, "charges")
            ]
        finally:
            close_database()
