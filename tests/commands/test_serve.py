"""`serve`: whom it answers, and what it says before it does."""

import os
import sys
from collections.abc import AsyncIterator

import pytest
from aiohttp import WSServerHandshakeError
from aiohttp.test_utils import TestClient, TestServer, unused_port

from tests.commands.conftest import Run
from venue_tui import serving


@pytest.fixture
async def client() -> AsyncIterator[TestClient]:  # type: ignore[type-arg]
    port = unused_port()
    app = await serving.VenueServer("false", "127.0.0.1", port, None)._make_app()
    async with TestClient(TestServer(app, host="127.0.0.1", port=port)) as client:
        yield client


async def test_own_pages_are_answered(client: TestClient) -> None:  # type: ignore[type-arg]
    for name in ("127.0.0.1", "localhost"):
        headers = {"Host": f"{name}:{client.port}", "Origin": f"http://{name}:{client.port}"}
        assert (await client.get("/", headers=headers)).status == 200
        async with client.ws_connect("/ws?width=80&height=24", headers=headers):
            pass


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
    assert "hidden" not in server.command
    assert server.command.endswith("-m venue_tui --lang zh-Hant")
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
    monkeypatch.setitem(sys.modules, "venue_tui.serving", None)
    refused = run("serve")
    assert refused.status == 1
    assert "venue-tui[serve]" in refused.err
