"""Posting a message to a chat's robot, signed as each kind asks.

DingTalk takes 20 messages a minute and refuses all for ten minutes after more; WeCom 20 of 2,048
bytes; Feishu 100 of 20 KB. One a minute with a list of all that happened keeps within each.
"""

import base64
import hashlib
import hmac
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Sequence
from typing import Any

from models.values.problems import refused
from venue_tui.chat.settings import Chat
from venue_tui.locale import _

_SECONDS = 10.0
_LONGEST = {"wecom": 2048, "dingtalk": 16_000, "feishu": 16_000}
"""Bytes of a message's text."""
_MOST_LINES = 40
_LARGEST_ANSWER = 64 * 1024


def message(title: str, lines: Sequence[str], kind: str) -> str:
    """One message of a title and a list, cut to what the kind of robot takes; how many are left
    out is said."""
    for count in range(min(len(lines), _MOST_LINES), 0, -1):
        told = [title, *(f"· {line}" for line in lines[:count])]
        if count < len(lines):
            told.append(_("… and %d more") % (len(lines) - count))
        text = "\n".join(told)
        if len(text.encode()) <= _LONGEST[kind]:
            return text
    return title.encode()[: _LONGEST[kind]].decode(errors="ignore")


def post(chat: Chat, text: str, now: float | None = None) -> None:
    """Posts a text. Raises Refused where the robot can't be reached or doesn't take it; the
    refusal names no address, since whoever has it may post there."""
    url, body = request_of(chat, text, time.time() if now is None else now)
    request = urllib.request.Request(
        url,
        json.dumps(body, ensure_ascii=False).encode(),
        {"Content-Type": "application/json; charset=utf-8"},
    )
    try:
        with urllib.request.urlopen(request, timeout=_SECONDS) as response:
            answer = json.loads(response.read(_LARGEST_ANSWER))
    except urllib.error.HTTPError as error:
        raise refused(
            "chat", "%(chat)s answers %(code)s", chat=chat.name, code=error.code
        ) from None
    except (OSError, ValueError) as error:
        why = getattr(error, "reason", None) or error
        raise refused("chat", "%(chat)s: %(why)s", chat=chat.name, why=why) from None
    code = _code(answer)
    if code:
        raise refused("chat", "%(chat)s refuses it: %(code)s", chat=chat.name, code=code)


def request_of(chat: Chat, text: str, now: float) -> tuple[str, dict[str, Any]]:
    """The address to post to and the body, as of `now`, seconds since the epoch."""
    if chat.kind == "feishu":
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": text}}
        if chat.secret:
            stamp = str(int(now))
            # Feishu signs nothing, under a key of the time and the secret.
            body |= {"timestamp": stamp, "sign": _signed(f"{stamp}\n{chat.secret}", "")}
        return chat.url, body
    body = {"msgtype": "text", "text": {"content": text}}
    if chat.kind == "dingtalk" and chat.secret:
        stamp = str(round(now * 1000))
        sign = _signed(chat.secret, f"{stamp}\n{chat.secret}")
        joint = "&" if "?" in chat.url else "?"
        query = urllib.parse.urlencode({"timestamp": stamp, "sign": sign})
        return f"{chat.url}{joint}{query}", body
    return chat.url, body


def _signed(key: str, text: str) -> str:
    digest = hmac.new(key.encode(), text.encode(), hashlib.sha256).digest()
    return base64.b64encode(digest).decode()


def _code(answer: object) -> str:
    """The number of an error, and what the robot says of it; "" where it took the message."""
    if not isinstance(answer, dict):
        return "?"
    for name in ("errcode", "code", "StatusCode"):
        if name in answer:
            said = answer.get("errmsg") or answer.get("msg") or answer.get("StatusMessage") or ""
            return f"{answer[name]} {said}"[:200] if answer[name] else ""
    return "?"
