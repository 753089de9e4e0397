"""Forms and the short questions."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractContextManager, asynccontextmanager, nullcontext
from threading import Event
from typing import Any

import pytest
from textual.app import App
from textual.containers import VerticalScroll
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Input, Static

from tests.screens.trial import AskForLeave
from venue_tui.locale import set_language
from venue_tui.turns import Turns
from venue_tui.widgets.controls import Options, Picker
from venue_tui.widgets.dialogs import Confirm, Progress, ProgressDialog
from venue_tui.widgets.line_list import LineList
from venue_tui.widgets.reason_prompt import ReasonPrompt


class Asker(App[None]):
    """An app with no more than dialogs ask of it."""

    def __init__(self) -> None:
        super().__init__()
        self.turns = Turns(self)

    def now(self) -> int:
        return 0

    def as_of(self, asked_at: int) -> AbstractContextManager[None]:
        return nullcontext()

    def show_said(self) -> None: ...

    def drop_keys(self) -> None: ...


@asynccontextmanager
async def asking(screen: Screen[object]) -> AsyncIterator[tuple[Pilot[None], list[object]]]:
    app = Asker()
    answers: list[object] = []
    async with app.run_test(size=(80, 24), notifications=True) as pilot:
        app.push_screen(screen, answers.append)
        await pilot.pause()
        yield pilot, answers


async def until_any(found: list[Any]) -> None:
    """Until there is something. What a dialog's own worker ends is not waited for by the worker:
    the dialog goes with it, and may cancel it first."""
    async with asyncio.timeout(10):
        while not found:
            await asyncio.sleep(0.01)


def text(screen: Screen[object], id_: str) -> str:
    return str(screen.query_one(f"#{id_}", Static).content)


async def test_a_form_gives_what_was_written() -> None:
    form = AskForLeave()
    async with asking(form) as (pilot, answers):
        await pilot.press("l", "s", "enter")
        assert form.values()["staff_no"] == "S2"
        assert text(form, "verdict") == "for S2: [late]"
        await pilot.press("left", "down", "down", *"wedding", "enter")
        assert answers == [
            {"staff_no": "S2", "kind": "rest", "night": "2026-09-02", "reason": "wedding"}
        ]


async def test_saving_takes_the_only_one_that_is_meant() -> None:
    """F2 while the list is open: the one that is left is taken, one of several is not."""
    form = AskForLeave()
    async with asking(form) as (pilot, answers):
        await pilot.press("s", "f2")
        assert form.values()["staff_no"] == "s"
        form.query_one("#field-reason", Input).value = "wedding"
        form.query_one("#field-staff_no Input").focus()
        await pilot.press("backspace", "l", "s", "f2")
        assert [each["staff_no"] for each in answers if isinstance(each, dict)] == ["S2"]


async def test_a_refusal_keeps_the_text_and_points_at_the_field() -> None:
    form = AskForLeave()
    async with asking(form) as (pilot, answers):
        form.query_one("#field-reason", Input).value = "[b]x"
        await pilot.press("f2")
        assert answers == []
        assert text(form, "problem-reason") == "[b]x [/] won't do"
        assert text(form, "problem-of-form") == "is closed"
        assert form.focused is form.query_one("#field-kind")
        form.query_one("#field-reason", Input).value = "wedding"
        await pilot.press("f2")
        assert len(answers) == 1


async def test_options_without_room_for_all_show_the_chosen_one() -> None:
    kinds = [(f"k{n}", f"kind {n}") for n in range(12)]
    options = Options(kinds, id="field-kinds")

    class OneRow(Screen[None]):
        def compose(self) -> Iterator[Options]:
            yield options

    async with asking(OneRow()) as (pilot, _answers):
        options.styles.width = 40
        options.focus()
        await pilot.pause()
        assert options.render_line(0).text.rstrip().endswith("›")
        for n in (*range(12), 0):
            assert f"[kind {n}]" in options.render_line(0).text
            assert options.value == f"k{n}"
            await pilot.press("right")
        await pilot.press("left", "left")  # from the second back to the last
        text = options.render_line(0).text
        assert text.startswith("‹")
        assert text.rstrip().endswith("[kind 11]")
        await pilot.click("#field-kinds", offset=(0, 0))
        assert options.value == "k10"


@pytest.mark.parametrize("key", ["escape", "ctrl+g"])
async def test_leaving_asks_before_it_throws_text_away(key: str) -> None:
    form = AskForLeave()
    async with asking(form) as (pilot, answers):
        form.query_one("#field-reason", Input).value = "typed"
        await pilot.press(key)
        assert isinstance(pilot.app.screen, Confirm)
        await pilot.press("n")
        assert form.values()["reason"] == "typed"
        await pilot.press(key, "y")
        assert answers == [None]


async def test_leaving_an_untouched_form_asks_nothing() -> None:
    async with asking(AskForLeave()) as (pilot, answers):
        await pilot.press("escape")
        assert answers == [None]


async def test_a_language_switch_keeps_what_was_typed() -> None:
    form = AskForLeave()
    async with asking(form) as (pilot, _answers):
        await pilot.press("z", "s", "tab")
        form.query_one("#field-reason", Input).value = "typed"
        before = form.values()
        try:
            set_language("zh-Hans")
            await form.retranslate()
        finally:
            set_language("en")
        await pilot.pause()
        assert form.values() == before
        assert form.query_one(Picker).label == "张三  S1"
        assert form.typed()


async def test_a_picker_lists_while_written_and_takes_any_text() -> None:
    form = AskForLeave()
    async with asking(form) as (pilot, _answers):
        picker = form.query_one(Picker)
        await pilot.press("l", "s")
        assert picker.has_class("-open")
        assert [row.key for row in picker.query_one(LineList).rows] == ["S2"]
        await pilot.press("x")
        assert not picker.has_class("-open")
        assert picker.value == "lsx"
        await pilot.press("down")
        assert form.focused is form.query_one(Options)


async def test_options_change_by_arrows_space_and_click() -> None:
    form = AskForLeave()
    async with asking(form) as (pilot, _answers):
        options = form.query_one(Options)
        assert options.render_line(0).text.startswith(" rest [sick]")
        options.focus()
        await pilot.press("right")
        assert options.value == "rest"
        await pilot.press("space")
        assert options.value == "sick"
        await pilot.click(Options, offset=(2, 0))
        assert options.value == "rest"


@pytest.mark.parametrize(
    ("key", "answer"), [("y", True), ("enter", True), ("n", False), ("escape", False)]
)
async def test_a_question_is_asked_once(key: str, answer: bool) -> None:
    lines = [f"Ann [/] {n}" for n in range(40)]
    async with asking(Confirm("Close [/]?", lines)) as (pilot, answers):
        await pilot.press(key)
        assert answers == [answer]


async def test_long_lists_are_scrolled_while_the_answer_waits() -> None:
    question = Confirm("Close?", [str(n) for n in range(40)])
    async with asking(question) as (pilot, answers):
        await pilot.press("pagedown")
        assert question.query_one(VerticalScroll).scroll_y == 10
        await pilot.press("enter")
        assert answers == [True]


async def test_a_reason_is_needed() -> None:
    async with asking(ReasonPrompt("Reject [/]")) as (pilot, answers):
        await pilot.press("enter", "space", "enter")
        assert answers == []
        await pilot.press(*"ill", "enter")
        assert answers == ["ill"]


async def test_long_work_gives_its_result() -> None:
    def work(progress: Progress) -> str:
        progress.report(1, 2)
        return "done"

    async with asking(ProgressDialog("Exporting [/]", work)) as (_pilot, answers):
        await until_any(answers)
        assert answers == ["done"]


@pytest.mark.parametrize(
    ("keys", "answer"),
    [
        (["escape"], None),
        (["tab", "enter"], None),
        (["enter", "space", "enter"], "done"),  # which were for the form before it
    ],
)
async def test_long_work_is_cancelled_on_purpose_alone(keys: list[str], answer: str | None) -> None:
    pressed = Event()
    seen: list[int] = []

    def work(progress: Progress) -> str:
        pressed.wait(10)
        seen.append(1)
        progress.report(1, 2)
        return "done"

    async with asking(ProgressDialog("Exporting", work)) as (pilot, answers):
        await pilot.press(*keys)
        pressed.set()
        await until_any(answers)
        await until_any(seen)
        assert seen == [1]
        assert answers == [answer]


async def test_long_work_that_fails_says_so() -> None:
    failures: list[Exception] = []

    def work(progress: Progress) -> str:
        raise OSError("disk full")

    async with asking(ProgressDialog("Exporting", work, failed=failures.append)) as (_pilot, _a):
        await until_any(failures)
        assert str(failures[0]) == "disk full"
