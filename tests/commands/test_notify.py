"""`notify`, as a shell runs it."""

from pathlib import Path

from tests.chat.robot import Robot, robot
from tests.commands.conftest import House

__all__ = ["robot"]


def test_it_is_off_unless_a_chat_is_named(house: House, tmp_path: Path, robot: Robot) -> None:
    answer = house.run("notify")
    assert (answer.status, "nothing is told" in answer.err) == (1, True)
    folder = tmp_path / "xdg" / "config" / "venue-tui"
    folder.mkdir(parents=True)
    (folder / "chat.toml").write_text(f'[[chat]]\nkind = "wecom"\nurl = "{robot.url}"\n')
    assert house.run("notify", "--test").err == "1 chat took it.\n"
    assert robot.texts == ["测试夜场\n· A trial message"]
    assert house.run("notify", "--once").status == 0
    assert house.run("close", "night", "2026-09-02").status == 0
    answer = house.run("notify", "--once")
    assert (answer.status, answer.out) == (0, "")
    assert len(robot.heard) == 1  # a night that is over isn't ended early
    robot.answers = [(500, b"")]
    answer = house.run("notify", "--test")
    assert (answer.status, "answers 500" in answer.err) == (1, True)
    assert "geheim" not in answer.err
