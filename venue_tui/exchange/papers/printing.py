"""Papers in the form that is asked for, and on their way to a receipt printer."""

import socket
import stat
from pathlib import Path

from models.values.problems import refused
from venue_tui.exchange.papers.document import Document

FORMATS = ("text", "pdf", "escpos")

_RAW_PORT = 9100
_SECONDS = 10.0
"""How long a printer on the network may be silent."""


def rendered(
    document: Document, format: str = "text", encoding: str = "gb18030", paper: int = 80
) -> bytes:
    """The paper's bytes in one of FORMATS. Text is UTF-8; `encoding` and `paper` (its width in
    millimetres) are a receipt printer's. Raises Refused where a PDF can't be made here."""
    if format == "pdf":
        from venue_tui.exchange.papers.pdf import as_pdf

        return as_pdf(document)
    if format == "escpos":
        from venue_tui.exchange.papers.escpos import as_escpos

        return as_escpos(document, encoding, paper)
    from venue_tui.exchange.papers.plain_text import as_text

    return "".join(f"{line.rstrip()}\n" for line in as_text(document)).encode()


def send(data: bytes, printer: str) -> None:
    """Sends bytes to a printer: `tcp://HOST[:PORT]`, or a device such as /dev/usb/lp0. Raises
    Refused where it can't be reached, or doesn't take them."""
    try:
        if printer.startswith("tcp://"):
            _send_over_network(data, printer)
        else:
            _send_to_device(data, Path(printer))
    except TimeoutError:
        raise refused("printer", "%(printer)s doesn't answer", printer=printer) from None
    except OSError as error:
        why = error.strerror or str(error)
        raise refused("printer", "%(printer)s: %(why)s", printer=printer, why=why) from None


def _send_over_network(data: bytes, printer: str) -> None:
    host, _, port = printer.removeprefix("tcp://").rstrip("/").rpartition(":")
    if not host:
        host, port = port, str(_RAW_PORT)
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise refused("printer", "%(printer)s names no port", printer=printer)
    with socket.create_connection((host.strip("[]"), int(port)), _SECONDS) as connection:
        connection.sendall(data)
        connection.shutdown(socket.SHUT_WR)


def _send_to_device(data: bytes, device: Path) -> None:
    mode = device.stat().st_mode
    if stat.S_ISREG(mode) or stat.S_ISDIR(mode):
        raise refused(
            "printer", "%(printer)s is no printer's device: a file is named by -o", printer=device
        )
    with device.open("wb", buffering=0) as stream:
        rest = memoryview(data)
        while rest:
            rest = rest[stream.write(rest) or 0 :]
