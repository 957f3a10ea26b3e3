"""`tocsin demo --serve` leaves desks to look at, and nothing behind when it ends."""

import re
import signal
import subprocess
import sys
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.timeout(300)


def test_the_nodes_can_be_looked_at_and_are_gone_afterwards(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tocsin", "demo", "--serve", "--out", str(tmp_path / "demo")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as demo:
        try:
            assert demo.stdout is not None
            told = []
            for line in demo.stdout:
                told.append(line)
                if "until you press Ctrl-C" in line:
                    break
            links = re.findall(r"http://\S+", "".join(told))
            assert len(links) == 3
            pages = [_get(link) for link in links]
            assert all("visitor" in page for page in pages[:2])
            assert "Avoid large gatherings in Moscow" in pages[2]
            assert all("EXERCISE" in page for page in pages), "a practice node's page must say so"
        finally:
            demo.send_signal(signal.SIGTERM)
        assert demo.wait(60) == 0
    for link in links:
        with pytest.raises(ConnectionRefusedError):
            _get(link)


def _get(link: str) -> str:
    parts = urlsplit(link)
    assert parts.hostname is not None
    connection = HTTPConnection(parts.hostname, parts.port, timeout=30)
    try:
        connection.request("GET", parts.path)
        return connection.getresponse().read().decode()
    finally:
        connection.close()
