"""Notices to group chats: what is told, how it is signed, and that nothing is lost or told twice."""

import base64
import hashlib
import hmac
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from models.access.session import Session
from models.operations import bookings, leave, outings
from models.values.problems import Refused
from tests.chat.robot import Robot, robot
from tests.clock import Clock
from tests.models.house import NIGHT, place, sign_in, staff_the_house
from venue_tui.chat import robots
from venue_tui.chat.notices import TOPICS
from venue_tui.chat.sender import EVERY, LONGEST_WAIT, Sender
from venue_tui.chat.settings import Chat, load
from venue_tui.screens.audit.audit_words import ACTIONS_DONE

__all__ = ["robot"]


@pytest.fixture
def house(session: Session) -> Session:
    staff_the_house()
    return session


def sender(session: Session, robot: Robot, tmp_path: Path, kind: str = "wecom", **more: Any) -> Sender:  # fmt: skip
    return Sender(session, [Chat(kind, robot.url, **more)], tmp_path / "chat.json")


def test_what_happens_is_told_in_one_message_a_minute(
    house: Session, robot: Robot, tmp_path: Path, clock: Clock
) -> None:
    telling = sender(house, robot, tmp_path)
    telling.turn()
    assert robot.heard == []
    outings.ask(house, "A1", "给 13800001111 买药")
    outings.approve(house, "S260902-01", by="S1")
    telling.turn()
    assert robot.texts == ["测试夜场\n· 曾小贤 (A1) asks for a slip to go out\n· 曾小贤 (A1): slip approved"]  # fmt: skip
    outings.ask(house, "A2")
    clock.now += EVERY - 1
    telling.turn()
    assert len(robot.heard) == 1
    clock.now += 1
    telling.turn()
    telling.turn()
    assert robot.texts[1:] == ["测试夜场\n· 单雄 (A2) asks for a slip to go out"]


def test_no_phone_number_wage_or_amount_is_told(
    house: Session, robot: Robot, tmp_path: Path
) -> None:
    place("V1")
    telling = sender(house, robot, tmp_path)
    leave.ask(house, "A1", "sick", NIGHT.replace(day=5), NIGHT.replace(day=6), special_reason="电话 13800001111")  # fmt: skip
    bookings.book(house, NIGHT, "V1", "A1", guest_name="林 13800001111", guest_phone="13800001111")
    outings.out_without_slip(house, "A2")
    telling.turn()
    [text] = robot.texts
    assert "V1 booked for 2026-09-02 by 曾小贤 (A1)" in text
    assert "2026-09-05 to 2026-09-06" in text
    for secret in ("1380", "林", "电话", "8700", "100.00"):
        assert secret not in text


def test_a_restart_goes_on_where_it_was(house: Session, robot: Robot, tmp_path: Path) -> None:
    sender(house, robot, tmp_path)
    outings.ask(house, "A1")
    sender(house, robot, tmp_path).turn()
    sender(house, robot, tmp_path).turn()
    assert len(robot.heard) == 1
    assert "geheim" not in (tmp_path / "chat.json").read_text()


def test_a_chat_that_is_new_hears_of_what_is_to_come(
    house: Session, robot: Robot, tmp_path: Path
) -> None:
    outings.ask(house, "A1")
    telling = sender(house, robot, tmp_path)
    telling.turn()
    assert robot.heard == []


@pytest.mark.parametrize(
    "answer",
    [(200, b'{"errcode":45009,"errmsg":"api freq out of limit"}'), (500, b""), (200, b"<html>"),
     (200, b"[]"), (200, b'{"code":9499,"msg":"too many"}')],
)  # fmt: skip
def test_what_is_refused_is_told_later_and_the_address_to_nobody(
    house: Session, robot: Robot, tmp_path: Path, clock: Clock, answer: tuple[int, bytes]
) -> None:
    telling = sender(house, robot, tmp_path)
    outings.ask(house, "A1")
    robot.answers = [answer, answer]
    [found] = telling.turn().problems
    assert "geheim" not in str(found)
    assert telling.turn().problems == []  # it isn't hammered
    clock.now += EVERY
    assert len(telling.turn().problems) == 1
    clock.now += EVERY
    assert telling.turn() == ([], [])  # it waits twice as long now
    clock.now += EVERY
    assert len(telling.turn().told) == 1
    assert robot.texts[0] == robot.texts[-1]


def test_a_server_that_is_lost_is_tried_again(house: Session, tmp_path: Path, clock: Clock) -> None:
    chat = Chat("wecom", "http://127.0.0.1:1/x")
    telling = Sender(house, [chat], tmp_path / "chat.json")
    outings.ask(house, "A1")
    for _ in range(12):
        assert len(telling.turn().problems) == 1
        clock.now += LONGEST_WAIT


@pytest.mark.parametrize("spoiled", ["", "{", "[]", '{"x": 1}', '{"x": ["a"]}', "\0"])
def test_a_spoiled_memory_tells_nothing_twice(
    house: Session, robot: Robot, tmp_path: Path, spoiled: str
) -> None:
    (tmp_path / "chat.json").write_text(spoiled)
    outings.ask(house, "A1")
    telling = sender(house, robot, tmp_path)
    telling.turn()
    assert robot.heard == []
    outings.ask(house, "A2")
    telling.turn()
    assert len(robot.heard) == 1


def test_dingtalk_is_signed_in_the_address(house: Session, robot: Robot, tmp_path: Path) -> None:
    telling = sender(house, robot, tmp_path, "dingtalk", secret="SEC123")
    outings.ask(house, "A1")
    telling.turn()
    path, body = robot.heard[0]
    query = parse_qs(urlsplit(path).query)
    stamp = query["timestamp"][0]
    digest = hmac.new(b"SEC123", f"{stamp}\nSEC123".encode(), hashlib.sha256).digest()
    assert query["sign"] == [base64.b64encode(digest).decode()]
    assert (len(stamp), query["key"], body["msgtype"]) == (13, ["geheim"], "text")


def test_feishu_is_signed_in_the_body(house: Session, robot: Robot, tmp_path: Path) -> None:
    robot.answers = [(200, b'{"code":0,"msg":"success"}')]
    telling = sender(house, robot, tmp_path, "feishu", secret="s")
    outings.ask(house, "A1")
    assert len(telling.turn().told) == 1
    _path, body = robot.heard[0]
    digest = hmac.new(f"{body['timestamp']}\ns".encode(), b"", hashlib.sha256).digest()
    assert body["sign"] == base64.b64encode(digest).decode()
    assert body["msg_type"] == "text"


@pytest.mark.parametrize("kind", ["wecom", "dingtalk", "feishu"])
def test_a_long_list_is_cut_to_what_the_robot_takes(kind: str) -> None:
    lines = [f"曾小贤 (A{n}) asks for a slip to go out" for n in range(500)]
    text = robots.message("测试夜场", lines, kind)
    assert len(text.encode()) <= {"wecom": 2048}.get(kind, 16_000)
    told = text.count("· ")
    assert told >= 20
    assert f"… and {500 - told} more" in text
    assert len(robots.message("长" * 9000, ["长" * 9000], "wecom").encode()) <= 2048


def test_a_chat_hears_of_its_topics_alone(house: Session, robot: Robot, tmp_path: Path) -> None:
    telling = sender(house, robot, tmp_path, about=("leave",))
    outings.ask(house, "A1")
    leave.ask(house, "A2", "rest", NIGHT.replace(day=5), NIGHT.replace(day=5))
    telling.turn()
    [text] = robot.texts
    assert text.count("· ") == 1
    assert "单雄" in text


def test_every_action_that_may_be_told_is_one_of_the_trails() -> None:
    for sentences in TOPICS.values():
        assert set(sentences) <= set(ACTIONS_DONE)


def test_only_who_may_read_the_trail_tells_of_it(house: Session, robot: Robot, tmp_path: Path) -> None:  # fmt: skip
    sign_in(house, "supervisor", "S1")
    with pytest.raises(Refused, match="may not do this"):
        sender(house, robot, tmp_path)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x", "chat.toml is no valid TOML"),
        ("[chat]\n", "there must be"),
        ("y = 1\n", "there must be"),
        (
            '[[chat]]\nkind = "slack"\nurl = "https://x/"\n',
            "kind is one of wecom, dingtalk, feishu",
        ),
        ('[[chat]]\nkind = "wecom"\n', "url begins with https"),
        ('[[chat]]\nkind = "wecom"\nurl = "http://evil.example/"\n', "url begins with https"),
        ('[[chat]]\nkind = "wecom"\nurl = "file:///etc/passwd"\n', "url begins with https"),
        ('[[chat]]\nkind = "wecom"\nurl = "https://["\n', "url begins with https"),
        ('[[chat]]\nkind = "wecom"\nurl = "https://x/"\nsecret = 1\n', "the secret is a text"),
        (
            '[[chat]]\nkind = "wecom"\nurl = "https://x/"\nabout = ["wages"]\n',
            "about names some of",
        ),
        ('[[chat]]\nkind = "wecom"\nurl = "https://x/"\ntoken = "1"\n', "no more"),
    ],
)
def test_what_is_wrong_with_the_settings_is_said(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "chat.toml"
    path.write_text(text)
    with pytest.raises(Refused, match=said):
        load(path)
