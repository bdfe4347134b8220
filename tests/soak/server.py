"""A PostgreSQL server of one's own, to be killed: made in a folder, on a port of its own, gone in the end."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


def programs() -> Path | None:
    """Where the server's programs are, or None."""
    found = shutil.which("initdb")
    if found is not None:
        return Path(found).parent
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return folders[-1].parent if folders else None


class Server:
    """A running server. ``dsn`` for its clients."""

    def __init__(self, folder: Path) -> None:
        found = programs()
        assert found is not None, "no PostgreSQL server is installed"
        self._programs = found
        self._data = folder / "data"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port: int = free.getsockname()[1]
        self.dsn = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self._run("initdb", "-D", str(self._data), "-U", "postgres", "--auth=trust", "--no-sync")
        self.start()

    def _run(self, program: str, *arguments: str) -> None:
        # The server refuses to run as root.
        user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        subprocess.run([*user, str(self._programs / program), *arguments], check=True, stdout=subprocess.DEVNULL)

    def start(self) -> None:
        log = str(self._data.parent / "log")
        options = f"-p {self.port} -k {self._data.parent} -c listen_addresses=127.0.0.1"
        self._run("pg_ctl", "-D", str(self._data), "-l", log, "-o", options, "-w", "start")

    def kill(self) -> None:
        """Every process of the server at once, without a word to its clients; what was not flushed is lost."""
        self._run("pg_ctl", "-D", str(self._data), "-m", "immediate", "-w", "stop")

    def restart(self) -> None:
        self.kill()
        self.start()


@contextmanager
def own_server() -> Generator[Server]:
    """A server for the length of the block."""
    with tempfile.TemporaryDirectory(prefix="switchroom-") as folder:
        if os.getuid() == 0:
            shutil.chown(folder, "postgres")
        server = Server(Path(folder))
        try:
            yield server
        finally:
            server.kill()
