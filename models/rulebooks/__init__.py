"""The rulebooks that come with the program, and how one is read."""

from importlib.resources import files
from pathlib import Path

from models.problems import refused
from models.rulebook import Rulebook
from models.rulebooks.reading import parse

__all__ = ["load", "parse", "shipped"]


def shipped() -> list[str]:
    """The names of the rulebooks that come with the program."""
    names = (entry.name for entry in files("models.rulebooks").iterdir())
    return sorted(n[:-5] for n in names if n.endswith(".toml") and n != "cautions.toml")


def load(name_or_path: str) -> Rulebook:
    """A shipped rulebook by its name, or one in a file.

    Raises Refused with every problem of the file, or when there is no such file.
    """
    if name_or_path in shipped():
        return parse(files("models.rulebooks").joinpath(f"{name_or_path}.toml").read_text("utf-8"))
    try:
        text = Path(name_or_path).read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise refused("file", "it is not UTF-8 text") from None
    except (OSError, ValueError) as error:
        raise refused(
            "file",
            "it can't be read (%(why)s); the rulebooks that come with the program are %(names)s",
            why=getattr(error, "strerror", None) or error,
            names=", ".join(shipped()),
        ) from None
    return parse(text)
