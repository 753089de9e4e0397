"""`serve` as somebody has it on a phone, in a real browser, where there is one."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.web.browser import Browser, Page, browser, found
from tests.web.conftest import SECRET, House
from tests.web.tabs import Served

pytestmark = pytest.mark.skipif(
    found() is None, reason="no Chromium was found: VENUE_TUI_TEST_BROWSER can name one"
)


@pytest.fixture
async def chromium(tmp_path: Path) -> AsyncIterator[Browser]:
    path = found()
    assert path is not None
    async with browser(path, tmp_path / "browser") as running:
        yield running


@pytest.fixture
async def phone(chromium: Browser, served: Served) -> Page:
    page = await chromium.page(390, 844, phone=True)
    await page.open(served.url)
    return page


async def test_a_directors_night_by_touch(
    phone: Page, chromium: Browser, house_of_tonight: House, served: Served
) -> None:
    # What is typed at once, without a touch, goes into the terminal, and the secret into its field.
    await phone.type(f"lin\t{SECRET}")
    await phone.sees("lin", "•" * len(SECRET))
    assert "candles" not in phone.text
    await phone.until_run("document.activeElement.inputMode === 'text'")
    await phone.type("\r")
    await phone.sees("买烟", "Approve")
    await phone.until_run("document.activeElement.inputMode === 'none'")
    assert phone.screen.columns >= 48
    await phone.tap("买烟")
    await phone.tap("Approve")
    await phone.until(lambda: "买烟" not in phone.text.partition("Out")[0])
    [slip] = house_of_tonight.export_as("lin", SECRET, "outings")
    assert (slip["status"], slip["decided_by"]) == ("approved", "D01")

    await phone.tap("2 3")  # the second screen's number, in the bar
    await phone.tap("雄信")
    await phone.tap("Here")
    await phone.sees("1 here")
    marked = house_of_tonight.export_as("lin", SECRET, "attendance")
    assert [row["staff_no"] for row in marked] == ["0008"]

    # A page that is loaded again shows the same session, and is as quick to the touch as before.
    await phone.reload()
    await phone.sees("1 here", "Here")
    assert "Sign in" not in phone.text
    await phone.tap("曾小贤")
    await phone.tap("Here")
    await phone.sees("2 here")

    await phone.touch_button("#keys [aria-label='Command palette']")
    await phone.sees("Which command")
    await phone.touch_button("#keys button:first-child")
    await phone.sees("2 here")
    await phone.type("7")
    await phone.sees("Export")
    await phone.type("E")
    await phone.type("\r" * 6)
    await phone.until(lambda: bool(phone.downloads), what="a file in the browser's downloads")

    own = served.url.removeprefix("http://").rstrip("/")
    assert {re.sub(r"^\w+://", "", each).partition("/")[0] for each in phone.requested} == {own}
    await phone.send("Input.dispatchKeyEvent", type="keyDown", key="q", modifiers=2,
                     windowsVirtualKeyCode=81)  # fmt: skip
    await phone.until_run("document.activeElement.id === 'again'")

    def is_told() -> bool:
        said = house_of_tonight.run("--as", "lin", "audit", SECRET=SECRET).out
        return "account.signed_out" in said

    await phone.until(is_told, what="the sign-out on the trail")


async def test_copying_says_whether_it_copied(phone: Page) -> None:
    await phone.type(f"lin\t{SECRET}\r")
    await phone.sees("买烟", "Approve")
    await phone.run(
        "navigator.clipboard.writeText = (t) => { window.was = t; return Promise.resolve() }; 1"
    )
    await phone.type("y")
    await phone.sees("Copied.")
    assert "买烟" in await phone.run("window.was")
    # Where the page has no clipboard, as over plain HTTP, it shows what is to be copied.
    await phone.run(
        "navigator.clipboard.writeText = () => Promise.reject(); document.execCommand = () => false; 1"
    )
    await phone.type("y")
    await phone.sees("doesn't let the page copy")
    assert "买烟" in await phone.run("document.activeElement.value")
    await phone.touch_button("#done")
    await phone.type("2")
    await phone.sees("First call")


async def test_a_page_that_is_opened_twice_ends_in_the_first(phone: Page) -> None:
    await phone.sees("Sign in")
    await phone.run(
        "new WebSocket(document.getElementById('terminal').dataset.sessionWebsocketUrl); 1"
    )
    await phone.until_run("document.body.classList.contains('-closed')")


async def test_page_and_program_speak_the_browsers_language(
    chromium: Browser, served: Served
) -> None:
    page = await chromium.page(390, 844, phone=True)
    await page.send(
        "Emulation.setUserAgentOverride", userAgent="phone", acceptLanguage="zh-TW,zh;q=0.9,en"
    )
    await page.open(served.url)
    await page.sees("登入")
    assert await page.run("document.documentElement.lang") == "zh-Hant"
    assert await page.run("document.getElementById('again').textContent") == "重新開始"
