"""`serve`: whom it answers, and what it says before it does."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import CookieJar, DummyCookieJar, WSMsgType, WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer, unused_port

from tests.commands.conftest import Run
from venue_tui.web import server as serving
from venue_tui.web.input import InputFilter, clamped


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    port = unused_port()
    app = await serving.VenueServer(None, "127.0.0.1", port, None, program=["false"])._make_app()
    async with TestClient(TestServer(app, host="127.0.0.1", port=port)) as client:
        yield client


async def test_own_pages_are_answered(client: TestClient) -> None:  # type: ignore[type-arg]
    for name in ("127.0.0.1", "localhost"):
        headers = {"Host": f"{name}:{client.port}", "Origin": f"http://{name}:{client.port}"}
        assert (await client.get("/", headers=headers)).status == 200
        async with client.ws_connect("/ws?width=80&height=24", headers=headers):
            pass


async def test_a_page_is_framed_by_nobody_and_takes_nothing_from_another_host(
    client: TestClient,  # type: ignore[type-arg]
) -> None:
    answer = await client.get("/")
    assert answer.headers["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    text = await answer.text()
    assert "viewport" in text
    assert "<title>Venue TUI</title>" in text
    assert "https://" not in text
    assert (await client.get("/static/")).status in (403, 404)


async def test_without_its_token_nobody_is_let_in() -> None:
    port = unused_port()
    server = serving.VenueServer(None, "127.0.0.1", port, None, "launch", ["false"])
    async with TestClient(TestServer(await server._make_app(), port=port)) as client:
        assert (await client.get("/")).status == 403
        assert (await client.get("/?token=wrong")).status == 403
        with pytest.raises(WSServerHandshakeError):
            await client.ws_connect("/ws")
        assert server.launch_url.endswith("/?token=launch")
        answer = await client.get("/?token=launch")
        assert (answer.status, answer.url.query_string) == (200, "")
        async with client.ws_connect("/ws"):
            pass


@pytest.fixture
async def sleeper(
    monkeypatch: pytest.MonkeyPatch,
) -> AsyncIterator[tuple[TestClient, serving.VenueServer]]:  # type: ignore[type-arg]
    """A server whose program says that it is there, ignores being asked to end, and sleeps."""
    monkeypatch.setattr(serving, "STOP_SECONDS", 0.1)
    monkeypatch.setattr(serving, "RELOAD_SECONDS", 0.3)
    port = unused_port()
    program = ["sh", "-c", "echo __GANGLION__; sleep 60 & wait"]
    server = serving.VenueServer(None, "127.0.0.1", port, None, program=program)
    async with TestClient(TestServer(await server._make_app(), port=port)) as client:
        yield client, server


def alive(server: serving.VenueServer) -> list[bool]:
    return [not tab.ended for tab in server._tabs.values()]


async def test_the_program_ends_with_its_socket_and_waits_for_a_reload(
    sleeper: tuple[TestClient, serving.VenueServer],  # type: ignore[type-arg]
) -> None:
    client, server = sleeper
    async with client.ws_connect("/ws") as socket:
        await socket.send_json(["resize", {"width": 20_000, "height": 20_000}])
        await asyncio.sleep(0.2)
        assert alive(server) == [True]
    await asyncio.sleep(0.6)
    assert alive(server) == []
    async with client.ws_connect("/ws/abc"):
        await asyncio.sleep(0.1)
        [first] = server._tabs.values()
    async with client.ws_connect("/ws/abc"):
        await asyncio.sleep(0.4)
        assert list(server._tabs.values()) == [first]
    await asyncio.sleep(1)
    assert alive(server) == []


async def test_tabs_and_frames_have_their_limits(
    sleeper: tuple[TestClient, serving.VenueServer],  # type: ignore[type-arg]
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    client, _server = sleeper
    monkeypatch.setattr(serving, "TABS_OF_ONE", 1)
    monkeypatch.setattr(serving, "FRAMES_A_SECOND", 1)
    async with client.ws_connect("/ws") as socket:
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect("/ws")
        assert refused.value.status == 503
        for _ in range(50):
            await socket.send_json(["blur"])
        assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
    await asyncio.sleep(0.5)
    for odd in ("no message", "[" * 30_000, '["resize", 7]', "7"):
        async with client.ws_connect("/ws") as socket:
            await socket.send_str(odd)
            assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE, odd
        await asyncio.sleep(0.3)
    assert not caplog.records  # a traceback


async def test_a_program_that_reads_no_more_ends_with_its_page(
    sleeper: tuple[TestClient, serving.VenueServer],  # type: ignore[type-arg]
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client, server = sleeper
    monkeypatch.setattr(serving, "UNREAD_SECONDS", 0.2)
    monkeypatch.setattr(serving, "RELOAD_SECONDS", 60)
    async with client.ws_connect("/ws/abc") as socket:
        for _ in range(10):
            await socket.send_json(["stdin", "j" * 60_000])
        assert (await socket.receive(timeout=5)).type is WSMsgType.CLOSE
    await asyncio.sleep(0.5)
    assert alive(server) == []


async def test_a_browser_is_a_terminal_of_its_own(tmp_path: Path) -> None:
    port = unused_port()
    program = ["sh", "-c", f'echo "$VENUE_TUI_BROWSER" >> {tmp_path}/browsers']
    app = await serving.VenueServer(None, "127.0.0.1", port, None, program=program)._make_app()
    one, another, script = (
        TestClient(TestServer(app, host="127.0.0.1", port=port), cookie_jar=jar)
        for jar in (CookieJar(unsafe=True), CookieJar(unsafe=True), DummyCookieJar())
    )
    told = tmp_path / "browsers"
    told.touch()
    async with one:
        for number, client in enumerate((one, one, another, another, script, script), 1):
            client._server = one.server
            await client.get("/")
            async with client.ws_connect("/ws"), asyncio.timeout(5):
                while told.read_text().count("\n") < number:
                    await asyncio.sleep(0.02)
        await another.session.close()
        await script.session.close()
    browsers = told.read_text().split()
    assert browsers[0] == browsers[1] != browsers[2] == browsers[3]
    assert len(set(browsers)) == 4


@pytest.mark.parametrize(
    ("given", "size"),
    [
        ((20_000, 20_000), (500, 300)),
        (("0", "-5"), (1, 1)),
        ((None, "x"), (80, 24)),
        ((True, 1e300), (80, 24)),
        ((9**40, "120"), (500, 120)),
    ],
)
def test_sizes_are_those_of_a_screen(given: tuple[object, object], size: tuple[int, int]) -> None:
    assert clamped(*given) == size


def test_no_sequence_passes_that_no_keyboard_sends() -> None:
    typed = InputFilter()
    assert typed.passed("a\x1b[A张\x1b[1;5C\x1b[<0;10;20M") == "a\x1b[A张\x1b[1;5C\x1b[<0;10;20M"
    assert typed.passed("x\x1b[48;99999;99999;1;1ty") == "xy"
    assert typed.passed("x\x1b[99999999999uy") == "xy"
    pieces = [typed.passed(each) for each in "x\x1b[48;99999;99999;1;1ty"]
    assert "".join(pieces).replace("\x1b", "") in ("xy", "x[48;99999;99999;1;1ty")
    assert typed.passed("\x1b") == "\x1b"  # the Escape key


async def test_pages_of_other_sites_are_not(client: TestClient) -> None:  # type: ignore[type-arg]
    elsewhere = {"Host": f"evil.example:{client.port}"}
    assert (await client.get("/", headers=elsewhere)).status == 403
    for origin in ("http://evil.example", f"http://127.0.0.1:{client.port + 1}", "null"):
        with pytest.raises(WSServerHandshakeError) as refused:
            await client.ws_connect("/ws?width=80&height=24", headers={"Origin": origin})
        assert refused.value.status == 403


Served = list[tuple[serving.VenueServer, dict[str, str]]]


@pytest.fixture
def served(monkeypatch: pytest.MonkeyPatch) -> Served:
    """The servers that would have been run, and the environment that each would have had."""
    servers: Served = []
    monkeypatch.setattr(
        serving.VenueServer, "serve", lambda self: servers.append((self, dict(os.environ)))
    )
    monkeypatch.setenv("VENUE_TUI_DATABASE", "")  # so that what `serve` sets is taken back
    return servers


def test_this_machine_alone_unless_said_otherwise(run: Run, served: Served) -> None:
    assert run("serve") == (0, "", "")
    server, _ = served[0]
    assert (server.host, server.port) == ("127.0.0.1", 8000)
    warned = run("serve", "--host", "192.0.2.1", "--port", "80")
    assert (warned.status, warned.out) == (0, "")
    assert "unencrypted" in warned.err
    assert run("serve", "--host", "0.0.0.0").status == 2
    assert run("serve", "--host", "0.0.0.0", "--public-url", "https://night.example").status == 0


def test_the_servers_terminals_work_on_the_same_venue(run: Run, served: Served) -> None:
    url = "postgresql://amy:hidden@example/venue"
    assert run("--database", url, "--lang", "zh-Hant", "serve", SECRET="hidden").status == 0
    [(server, environment)] = served
    assert server.language == "zh-Hant"
    assert environment["VENUE_TUI_DATABASE"] == url
    assert "VENUE_TUI_SECRET" not in environment


def test_a_port_that_is_taken_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def taken(self: serving.VenueServer) -> None:
        raise OSError(98, "Address already in use")

    monkeypatch.setattr(serving.VenueServer, "serve", taken)
    monkeypatch.setenv("VENUE_TUI_DATABASE", "")
    refused = run("serve")
    assert (refused.status, refused.out) == (1, "")
    assert "Address already in use" in refused.err


def test_without_its_extra_it_says_what_to_install(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "venue_tui.web.server", None)
    refused = run("serve")
    assert refused.status == 1
    assert 'pipx install --force ".[serve]"' in refused.err
