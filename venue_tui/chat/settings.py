"""The chats that notices go to, as `chat.toml` in the folder of the program's settings names them:

[[chat]]
kind = "dingtalk"          # wecom, dingtalk or feishu
url = "https://oapi.dingtalk.com/robot/send?access_token=…"
secret = "SEC…"            # where the robot was made to ask for a signature
about = ["leave", "outings"]
"""

from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from models.values import toml
from models.values.files import regular_bytes
from models.values.folders import user_folder
from models.values.problems import Problem, Refused, problem, refused
from venue_tui.chat.notices import TOPICS

KINDS = ("wecom", "dingtalk", "feishu")
_KEYS = {"kind", "url", "secret", "about"}
_HERE = ("127.0.0.1", "localhost", "::1")


class Chat(NamedTuple):
    """A group chat's robot: where messages are posted, what signs them ("" for nothing), and which
    of TOPICS it hears about."""

    kind: str
    url: str
    secret: str = ""
    about: tuple[str, ...] = tuple(TOPICS)

    @property
    def name(self) -> str:
        """What the chat is called in messages: never its URL, which whoever has it may post to."""
        return f"{self.kind} ({urlsplit(self.url).hostname})"


_LARGEST = 64 * 1024


def chat_path() -> Path:
    return user_folder("config") / "chat.toml"


def load(path: Path | None = None) -> list[Chat]:
    """The chats in the file; none where there is no file. Raises Refused with all that is wrong."""
    path = path or chat_path()
    try:
        told = toml.loads(regular_bytes(path, _LARGEST).decode("utf-8-sig"))
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        why = getattr(error, "strerror", None) or error.__doc__
        raise refused("chat", "%(file)s can't be read: %(why)s", file=path, why=why) from None
    except ValueError as error:
        raise refused("chat", "%(file)s is no valid TOML: %(why)s", file=path, why=error) from None
    chats = told.get("chat", [])
    if told.keys() - {"chat"} or not isinstance(chats, list):
        raise refused("chat", "there must be [[chat]], each with a kind and a url")
    problems = [found for number, each in enumerate(chats, 1) for found in _problems(number, each)]
    if problems:
        raise Refused(*problems)
    return [
        Chat(each["kind"], each["url"], each.get("secret", ""), tuple(each.get("about", TOPICS)))
        for each in chats
    ]


def _problems(number: int, each: object) -> list[Problem]:
    if not isinstance(each, dict) or each.keys() - _KEYS:
        return [problem("chat", "chat %(number)s has a kind, a url, a secret and about; no more",
                        number=number)]  # fmt: skip
    found = []
    if each.get("kind") not in KINDS:
        kinds = ", ".join(KINDS)
        found.append(
            problem("kind", "chat %(number)s: kind is one of %(kinds)s", number=number, kinds=kinds)
        )
    url = each.get("url")
    if not isinstance(url, str) or not _is_address(url):
        found.append(problem("url", "chat %(number)s: url begins with https://", number=number))
    if not isinstance(each.get("secret", ""), str):
        found.append(problem("secret", "chat %(number)s: the secret is a text", number=number))
    about = each.get("about", [])
    if not isinstance(about, list) or not set(map(str, about)) <= set(TOPICS):
        topics = ", ".join(TOPICS)
        found.append(
            problem(
                "about", "chat %(number)s: about names some of %(topics)s",
                number=number, topics=topics,
            )
        )  # fmt: skip
    return found


def _is_address(url: str) -> bool:
    """HTTPS; plain HTTP only to this machine, where a relay may stand."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return bool(parts.hostname) and (
        parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _HERE)
    )
