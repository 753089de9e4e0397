"""Tells chats what happened since they were told last: at most one message a minute each."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from models.access.permissions import require
from models.access.session import Session
from models.operations import directory
from models.storage import audit
from models.values.files import keep
from models.values.folders import user_folder
from models.values.problems import Problem, Refused, refused
from venue_tui.chat import robots
from venue_tui.chat.notices import notice
from venue_tui.chat.settings import Chat
from venue_tui.locale import _

EVERY = 60
"""Seconds between two messages to a chat."""
LONGEST_WAIT = 30 * 60
"""Seconds after which a chat that could not be told is tried again at the latest."""

Send = Callable[[Chat, str], None]


class _Told(NamedTuple):
    """How far a chat was told: the number of the trail's last line that it heard of, when it may
    be told again, and how often in a row it could not be."""

    seq: int
    next_at: int
    failures: int = 0


class Delivery(NamedTuple):
    """What came of one turn: chats told, with how many lines each, and what went wrong."""

    told: list[tuple[Chat, int]]
    problems: list[Problem]


def state_path() -> Path:
    return user_folder("state") / "chat.json"


class Sender:
    """Tells the chats of one venue. What they were told is kept in a file, so that a program that
    is started again goes on where it was; a chat that is new hears of what happens from now on."""

    def __init__(
        self,
        session: Session,
        chats: list[Chat],
        state: Path | None = None,
        post: Send = robots.post,
    ) -> None:
        """Raises Refused for whoever may not read the audit trail."""
        require(session, "audit")
        self._session = session
        self._chats = chats
        self._path = state or state_path()
        self._post = post
        self._venue = audit.beginning()
        self._told = self._read()
        seq, _hash = audit.head()
        for chat in chats:
            self._told.setdefault(self._key(chat), _Told(seq, 0))
        self._write()

    def turn(self) -> Delivery:
        """Tells each chat that may be told again what happened since. A chat that can't be told
        hears of it the next time."""
        outcome = Delivery([], [])
        head, _hash = audit.head()
        now = self._session.now()
        for chat in self._chats:
            held = self._told[self._key(chat)]
            if held.seq > head:  # the venue was put back to a backup
                held = _Told(head, 0)
            if now < held.next_at <= now + LONGEST_WAIT or held.seq == head:
                continue
            lines = self._notices(chat, held.seq, head)
            try:
                if lines:
                    text = robots.message(self._session.venue, lines, chat.kind)
                    self._post(chat, text)
                    outcome.told.append((chat, len(lines)))
            except Refused as refusal:
                outcome.problems.extend(refusal.problems)
                wait = min(EVERY * 2**held.failures, LONGEST_WAIT)
                self._told[self._key(chat)] = _Told(held.seq, now + wait, held.failures + 1)
            else:
                self._told[self._key(chat)] = _Told(head, now + EVERY if lines else held.next_at)
            self._write()
        return outcome

    def _notices(self, chat: Chat, since: int, until: int) -> list[str]:
        names = directory.names_by_number()
        found = (notice(line, names, chat.about) for line in audit.between(since, until))
        return [each for each in found if each is not None]

    def _key(self, chat: Chat) -> str:
        """A chat of this venue in the file, which holds no address."""
        text = f"{self._venue} {chat.kind} {chat.url}"
        return hashlib.sha256(text.encode()).hexdigest()[:32]

    def _read(self) -> dict[str, _Told]:
        try:
            told = json.loads(self._path.read_text(encoding="utf-8"))
            return {key: _Told(*map(int, each)) for key, each in told.items()}
        except (OSError, ValueError, TypeError, AttributeError):
            return {}  # none yet, or spoiled: what happens from now on is told

    def _write(self) -> None:
        try:
            keep(self._path, json.dumps(self._told))
        except OSError as error:
            why = error.strerror
            raise refused(
                "chat", "%(file)s can't be written: %(why)s", file=self._path, why=why
            ) from None


def try_out(session: Session, chats: list[Chat], post: Send = robots.post) -> list[Problem]:
    """Posts a trial message to each chat; gives what went wrong."""
    problems: list[Problem] = []
    for chat in chats:
        try:
            post(chat, robots.message(session.venue, [_("A trial message")], chat.kind))
        except Refused as refusal:
            problems.extend(refusal.problems)
    return problems
