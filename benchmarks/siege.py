"""The service while it is besieged: nginx and gunicorn as they are deployed, all on loopback.

    python -m benchmarks.siege [--seconds 20] [--without-proxy]
    python -m tests.servers python -m benchmarks.siege        # on PostgreSQL and Redis

At once: 200 sockets that say nothing, 50 bodies that come a byte a second, posts of 600 MB to the page to sign in on (with
a length, and chunked), and 16 loops that sign in with ever new names. Printed are the medians of /healthz and of a
signed-in person's home page before and during the siege, and what is left in the folders for temporary files.
"""

from __future__ import annotations

import argparse
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

from tests.web import Web, gunicorn, nginx

NUMBER, PASSWORD = "900001", "hashira-no-kakudo-72"
MEGABYTE = 1_000_000
FORM = "application/x-www-form-urlencoded"
#: Seconds for which a besieger or a visitor waits for an answer.
PATIENCE = 60


@dataclass
class Seen:
    """Seconds of the answers by page, and how often each status came; ended attacks by their name and outcome."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    attacks: Counter[str] = field(default_factory=Counter)

    def note(self, page: str, seconds: float) -> None:
        self.seconds.setdefault(page, []).append(seconds)

    def medians(self) -> dict[str, float]:
        return {page: median(seconds) for page, seconds in self.seconds.items()}


class Visitor:
    """Somebody signed in, as a browser is: one connection, cookies."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: dict[str, str] = {}

    def ask(self, method: str, path: str, body: str = "") -> tuple[int, str]:
        """Status and text of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            cookie = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
            headers = {"Cookie": cookie, "Referer": f"http://127.0.0.1:{self.port}/"} | (
                {"Content-Type": FORM} if body else {}
            )
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    key, _, rest = value.partition("=")
                    self.cookies[key] = rest.partition(";")[0]
            return answer.status, answer.read().decode(errors="replace")
        finally:
            connection.close()

    def sign_in(self, number: str, password: str) -> int:
        """The status of the answer to the form: 302 when the person is in."""
        _, page = self.ask("GET", "/login/")
        token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
        said = {"csrfmiddlewaretoken": token[1] if token else "", "username": number, "password": password}
        return self.ask("POST", "/login/", urlencode(said))[0]


def visit(visitor: Visitor, seen: Seen, until: Callable[[], bool]) -> None:
    """Opens /healthz and the home page in turn until told to stop; a page that is not the page counts as an attack's win."""
    while not until():
        for page, sign in (("/healthz", "ok"), ("/", "ログアウト")):
            start = time.perf_counter()
            try:
                status, text = visitor.ask("GET", page)
                is_there = status == 200 and sign in text
            except (OSError, HTTPException):
                is_there = False
            seen.note(page, time.perf_counter() - start)
            seen.attacks[f"{page} {'answered' if is_there else 'LOST'}"] += 1
        time.sleep(0.05)


def idle_sockets(port: int, count: int, until: Callable[[], bool]) -> None:
    sockets = []
    for _ in range(count):
        try:
            sockets.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
        except OSError:
            break
    while not until():
        time.sleep(0.1)
    for each in sockets:
        each.close()


def slow_bodies(port: int, count: int, until: Callable[[], bool]) -> None:
    head = f"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {FORM}\r\nContent-Length: 50000\r\n\r\n".encode()
    sockets: list[socket.socket] = []
    for _ in range(count):
        try:
            sockets.append(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            sockets[-1].sendall(head)
        except OSError:
            break
    while not until():
        for each in list(sockets):
            try:
                each.sendall(b"a")
            except OSError:
                sockets.remove(each)
        time.sleep(1)
    for each in sockets:
        each.close()


def large_posts(port: int, megabytes: int, chunked: bool, seen: Seen, until: Callable[[], bool]) -> None:
    length = "Transfer-Encoding: chunked" if chunked else f"Content-Length: {megabytes * MEGABYTE}"
    kind = "Content-Type: multipart/form-data; boundary=x"
    head = f"POST /login/ HTTP/1.1\r\nHost: 127.0.0.1\r\n{kind}\r\n{length}\r\n\r\n".encode()
    part = b'--x\r\nContent-Disposition: form-data; name="a"; filename="a"\r\n\r\n'
    piece = (b"f4240\r\n" + b"x" * MEGABYTE + b"\r\n") if chunked else b"x" * MEGABYTE
    while not until():
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as connection:
            sent, status = 0, "hung up"
            try:
                connection.sendall(head + (b"%x\r\n%s\r\n" % (len(part), part) if chunked else part))
                while sent < megabytes and not until():
                    connection.sendall(piece)
                    sent += 1
                if chunked:
                    connection.sendall(b"0\r\n\r\n")
            except OSError:
                pass  # the server does not take the rest, as it should
            with suppress(OSError):
                status = connection.recv(100).decode(errors="replace").partition("\r\n")[0] or status
        seen.attacks[f"posts of {megabytes} MB: {status}"] += 1
        time.sleep(0.1)


def sign_in_loop(port: int, number: int, seen: Seen, until: Callable[[], bool]) -> None:
    turn = 0
    while not until():
        turn += 1
        try:
            status = Visitor(port).sign_in(f"x{number}-{turn}", "wrong-password")
        except (OSError, HTTPException):
            status = 0
        seen.attacks[f"sign-ins answered {status}"] += 1


def besiege(port: int, seen: Seen, until: Callable[[], bool], *, scale: float = 1.0) -> list[threading.Thread]:
    """Begins all attacks at once; `scale` makes a small siege of it. Returns their threads."""
    begun = [
        (idle_sockets, (port, int(200 * scale), until)),
        (slow_bodies, (port, int(50 * scale), until)),
        (large_posts, (port, 600, False, seen, until)),
        (large_posts, (port, 600, True, seen, until)),
        *((sign_in_loop, (port, number, seen, until)) for number in range(int(16 * scale))),
    ]
    threads = [threading.Thread(target=work, args=arguments, daemon=True) for work, arguments in begun]
    for thread in threads:
        thread.start()
    return threads


def siege(web: Web, seconds: float, *, scale: float = 1.0) -> tuple[Seen, Seen]:
    """What a signed-in visitor saw before and during the siege, for so many seconds each."""
    visitor, before, during = Visitor(web.port), Seen(), Seen()
    if visitor.sign_in(NUMBER, PASSWORD) != 302:
        raise RuntimeError("the visitor could not sign in")
    visit(visitor, before, until_after(seconds))
    over = threading.Event()
    threads = besiege(web.port, during, over.is_set, scale=scale)
    time.sleep(min(1.0, seconds / 4))  # until all of them have begun
    visit(visitor, during, until_after(seconds))
    over.set()
    for thread in threads:
        thread.join(PATIENCE)
    return before, during


def until_after(seconds: float) -> Callable[[], bool]:
    end = time.monotonic() + seconds
    return lambda: time.monotonic() > end


def left(*folders: Path) -> list[str]:
    """The files in folders that should be empty."""
    found = (file for folder in folders if folder.is_dir() for file in folder.rglob("*") if file.is_file())
    return sorted(str(file) for file in found)


def make_visitor(environment: dict[str, str]) -> None:
    """A migrated database with the one person who signs in."""
    person = f"get_user_model().objects.create_user({NUMBER!r}, {PASSWORD!r}, name='籠城 花子')"
    code = f"from django.contrib.auth import get_user_model; {person}"
    for command in (["migrate", "--verbosity", "0"], ["shell", "--verbosity", "0", "--command", code]):
        subprocess.run([sys.executable, "manage.py", *command], check=True, env=os.environ | environment)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--without-proxy", action="store_true")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"DATABASE_URL": os.environ.get("DATABASE_URL") or f"sqlite:///{folder}/siege.sqlite3"}
        environment["SECRET_KEY"] = "only-for-the-siege"
        make_visitor(environment)
        with gunicorn(folder, environment) as application, nginx(folder, application) as proxy:
            web = application if options.without_proxy else proxy
            before, during = siege(web, options.seconds)
            time.sleep(1)
            rest = left(application.temporary, application.uploads, proxy.uploads)
    report(before, during, rest)


def report(before: Seen, during: Seen, rest: list[str]) -> None:
    for page, seconds in before.medians().items():
        now = during.seconds[page]
        print(
            f"{page:10} median {seconds * 1000:7.0f} ms before, {median(now) * 1000:7.0f} ms during, {max(now) * 1000:.0f} ms at most"
        )
    for what, count in sorted(during.attacks.items()):
        print(f"{count:6} {what}")
    print(f"left in the folders for temporary files: {rest or 'nothing'}")
    sys.exit(1 if rest else 0)


if __name__ == "__main__":
    main()
