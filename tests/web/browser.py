"""A Chromium that a test drives by its DevTools protocol, as a finger and a keyboard would."""

import asyncio
import base64
import json
import os
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pyte
from aiohttp import ClientSession, ClientWebSocketResponse

from tests.processes import end

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def found() -> str | None:
    """The path of a Chromium, or None where there is none; VENUE_TUI_TEST_BROWSER names one."""
    asked = os.environ.get("VENUE_TUI_TEST_BROWSER")
    return asked or next(filter(None, map(shutil.which, NAMES)), None)


class Page:
    """One tab of the browser, and the terminal that it shows, read from what the server sends."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._number = 0
        self._answers: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self.requested: list[str] = []
        """The address of everything that the page asked for."""
        self.downloads: list[str] = []
        self.loaded = asyncio.Event()
        self.screen = pyte.Screen(80, 24)
        self._stream = pyte.ByteStream(self.screen)
        self._reader = asyncio.create_task(self._read())

    async def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        self._number += 1
        answer = self._answers[self._number] = asyncio.get_running_loop().create_future()
        await self._socket.send_json({"id": self._number, "method": method, "params": parameters})
        return await asyncio.wait_for(answer, 60)

    async def _read(self) -> None:
        async for message in self._socket:
            data = json.loads(message.data)
            if "id" in data:
                future = self._answers.pop(data["id"])
                if "error" in data:
                    future.set_exception(RuntimeError(data["error"]["message"]))
                else:
                    future.set_result(data["result"])
                continue
            what, given = data["method"], data["params"]
            if what == "Network.requestWillBeSent":
                self.requested.append(given["request"]["url"])
            elif what == "Network.webSocketCreated":
                self.requested.append(given["url"])
            elif what == "Network.webSocketFrameReceived" and given["response"]["opcode"] == 2:
                self._stream.feed(base64.b64decode(given["response"]["payloadData"]))
            elif what == "Network.webSocketFrameSent":
                kind, *rest = json.loads(given["response"]["payloadData"])
                if kind == "resize":
                    self.screen.resize(rest[0]["height"], rest[0]["width"])
            elif what == "Page.loadEventFired":
                self.loaded.set()
            elif what == "Browser.downloadWillBegin":
                self.downloads.append(given["suggestedFilename"])

    async def run(self, script: str) -> Any:
        answer = await self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    @property
    def text(self) -> str:
        return "\n".join(self.screen.display)

    async def sees(self, *texts: str, seconds: float = 60) -> None:
        """Waits until the terminal shows all of these."""
        await self.until(lambda: all(each in self.text for each in texts), seconds, str(texts))

    async def until(self, holds: Callable[[], bool], seconds: float = 60, what: str = "") -> None:
        try:
            async with asyncio.timeout(seconds):
                while not holds():
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise AssertionError(f"not seen: {what}\n{self.text}") from None

    async def until_run(self, script: str) -> None:
        """Waits until the script's value is true."""
        async with asyncio.timeout(60):
            while not await self.run(script):
                await asyncio.sleep(0.05)

    async def tap(self, text: str, nth: int = 0) -> None:
        """Touches the middle of a text on the terminal, once it stands still: what was just done
        may move it."""
        before: list[tuple[int, int]] = []
        while True:
            await self.sees(text)
            places = [
                (at, line.index(text)) for at, line in enumerate(self._lines()) if text in line
            ]
            if places and places == before:
                break
            before = places
            await asyncio.sleep(0.2)
        row, column = places[nth]
        x, y, width, height = await self._cells()
        await self.touch(x + (column + 0.7) * width, y + (row + 0.5) * height)

    def _lines(self) -> list[str]:
        """The screen's lines, in which a wide character takes two cells, the second of them blank
        to `pyte`; here it is left in as one of another kind, so that places are cells."""
        return [
            "".join(self.screen.buffer[row][column].data for column in range(self.screen.columns))
            for row in range(self.screen.lines)
        ]

    async def _cells(self) -> tuple[float, float, float, float]:
        box = await self.run(
            "(() => { const b = document.querySelector('.xterm-screen').getBoundingClientRect();"
            " return [b.x, b.y, b.width, b.height]; })()"
        )
        x, y, width, height = box
        return x, y, width / self.screen.columns, height / self.screen.lines

    async def touch(self, x: float, y: float) -> None:
        point = {"x": round(x), "y": round(y)}
        await self.send("Input.dispatchTouchEvent", type="touchStart", touchPoints=[point])
        await self.send("Input.dispatchTouchEvent", type="touchEnd", touchPoints=[])

    async def touch_button(self, selector: str) -> None:
        x, y = await self.run(
            f"(() => {{ const b = document.querySelector({selector!r}).getBoundingClientRect();"
            " return [b.x + b.width / 2, b.y + b.height / 2]; })()"
        )
        await self.touch(x, y)

    async def type(self, text: str) -> None:
        """Types characters; `\\t` and `\\r` are keys."""
        keys = {"\t": ("Tab", 9), "\r": ("Enter", 13), "\x1b": ("Escape", 27)}
        for each in text:
            if each in keys:
                name, code = keys[each]
                key = {"key": name, "code": name, "windowsVirtualKeyCode": code}
                if each == "\r":
                    key["text"] = each
                await self.send("Input.dispatchKeyEvent", type="keyDown", **key)
                await self.send("Input.dispatchKeyEvent", type="keyUp", **key)
            else:
                await self.send(
                    "Input.dispatchKeyEvent", type="keyDown", text=each, key=each,
                    windowsVirtualKeyCode=ord(each.upper()) if each.isascii() else 0,
                )  # fmt: skip
                await self.send("Input.dispatchKeyEvent", type="keyUp", key=each)

    async def open(self, url: str) -> None:
        self.loaded.clear()
        await self.send("Page.navigate", url=url)
        await asyncio.wait_for(self.loaded.wait(), 60)

    async def reload(self) -> None:
        self.loaded.clear()
        self.screen.reset()
        await self.send("Page.reload")
        await asyncio.wait_for(self.loaded.wait(), 60)

    async def picture(self, path: Path) -> None:
        answer = await self.send("Page.captureScreenshot", format="png")
        path.write_bytes(base64.b64decode(answer["data"]))


class Browser:
    def __init__(self, client: ClientSession, address: str, folder: Path) -> None:
        self._client = client
        self._address = address
        self.folder = folder
        """Where it keeps what it downloads."""

    async def page(self, width: int, height: int, *, phone: bool = False) -> Page:
        """A new page of that size in pixels; a phone's is touched."""
        async with self._client.put(f"http://{self._address}/json/new?about:blank") as answer:
            target = await answer.json()
        socket = await self._client.ws_connect(target["webSocketDebuggerUrl"], max_msg_size=0)
        page = Page(socket)
        for domain in ("Page", "Network", "Runtime"):
            await page.send(f"{domain}.enable")
        await page.send(
            "Emulation.setDeviceMetricsOverride", width=width, height=height,
            deviceScaleFactor=0, mobile=phone,
        )  # fmt: skip
        if phone:
            await page.send("Emulation.setTouchEmulationEnabled", enabled=True, maxTouchPoints=5)
        await page.send(
            "Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self.folder),
            eventsEnabled=True,
        )  # fmt: skip
        return page


@asynccontextmanager
async def browser(path: str, folder: Path) -> AsyncIterator[Browser]:
    """Runs the browser at `path`, with a profile and downloads of its own in `folder`."""
    profile, downloads = folder / "profile", folder / "downloads"
    downloads.mkdir(parents=True)
    process = await asyncio.create_subprocess_exec(
        path, "--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0",
        "--no-first-run", "--force-device-scale-factor=2", "--disable-background-networking", f"--user-data-dir={profile}",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        port = profile / "DevToolsActivePort"
        async with asyncio.timeout(90):
            while not port.exists() or not port.read_text().strip():
                await asyncio.sleep(0.05)
        async with ClientSession() as client:
            yield Browser(client, f"127.0.0.1:{port.read_text().split()[0]}", downloads)
    finally:
        await end(process, 5)
