"""A paper as its parts, whatever it will be printed on."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Heading:
    """The paper's title, or with `level` 2 that of a part of it."""

    text: str
    level: int = 1


@dataclass(frozen=True, slots=True)
class Fields:
    """Labels with what belongs to each, one below the other."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing of a list: a line with an amount at its end, and what there is to say of it."""

    title: str
    amount: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SumLines:
    """Amounts by name; the last one is what it comes to."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Signatures:
    """Who signs: a line to write on for each, and for the date."""

    names: tuple[str, ...]


Part = Heading | Fields | Paragraph | Entry | SumLines | Signatures


@dataclass(frozen=True, slots=True)
class Document:
    """A paper: whose it is in one line, for a file's title, and its parts."""

    title: str
    parts: tuple[Part, ...] = field(default=())
