"""Hostile files handed in at once to gunicorn: what the web process holds, and how soon /healthz answers meanwhile."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection
from pathlib import Path
from statistics import median

from benchmarks.hostile_files import HOSTILE
from benchmarks.siege import NUMBER, PASSWORD, PATIENCE, Visitor
from tests.web import Web, gunicorn

#: Those that cost the most to read, and one that is a book of a million cells in the end.
AT_ONCE = (
    "12,000,000 elements side by side",
    "2,900,000 shared texts",
    "one shared text of 45 MB",
    "a million cells in two formats",
)
#: What the sentences about a file have that those of the page itself have not.
_SIGNS = re.compile("保存し直して|順番|分けて|見つかりません|最大|までです|まで）")
_PERSON = f"""
from datetime import date
from django.contrib.auth import get_user_model
from accounts.models import Assignment
user = get_user_model().objects.create_user({NUMBER!r}, {PASSWORD!r}, name='取込 花子')
Assignment.objects.create(user=user, role=Assignment.Role.REFORM_OFFICE, valid_from=date(2015, 4, 1))
"""


@dataclass
class Watched:
    """Seconds of the answers of /healthz, and bytes of memory of the web process, as often as they were asked for."""

    healthz: list[float] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)
    answers: list[tuple[str, float, str]] = field(default_factory=list)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = {"DATABASE_URL": f"sqlite:///{folder}/uploads.sqlite3", "SECRET_KEY": "only-for-the-benchmark"}
        for command in (["migrate", "--verbosity", "0"], ["shell", "--verbosity", "0", "--command", _PERSON]):
            subprocess.run([sys.executable, "manage.py", *command], check=True, env=os.environ | environment)
        files = [(kind, HOSTILE[kind]()) for kind in AT_ONCE]
        with gunicorn(folder, environment) as web:
            report(*besiege(web, files))


def besiege(web: Web, files: Sequence[tuple[str, bytes]]) -> tuple[Watched, Watched]:
    """What was seen for five seconds before, and while the files are handed in at once."""
    visitor = Visitor(web.port)
    if visitor.sign_in(NUMBER, PASSWORD) != 302:
        raise RuntimeError("the visitor could not sign in")
    before, during = Watched(), Watched()
    with watching(web, before):
        time.sleep(5)
    with watching(web, during):
        threads = [threading.Thread(target=hand_in, args=(web, visitor, *file, during)) for file in files]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    return before, during


def hand_in(web: Web, visitor: Visitor, kind: str, data: bytes, seen: Watched) -> None:
    _, page = visitor.ask("GET", "/imports/")
    token = re.search(r'csrfmiddlewaretoken" value="(\w+)"', page)
    target = re.search(r'name="target"[^>]*value="([^"]*)"|<option value="([^"]+)"', page)
    said = {"csrfmiddlewaretoken": token[1] if token else "", "target": (target[1] or target[2]) if target else ""}
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in said.items()
    ]
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.xlsx"\r\n\r\n'
    body = b"".join(parts) + head + data + b"\r\n--x--\r\n"
    cookies = "; ".join(f"{name}={value}" for name, value in visitor.cookies.items())
    headers = {
        "Cookie": cookies,
        "Referer": f"{web.address}/imports/",
        "Content-Type": "multipart/form-data; boundary=x",
    }
    started = time.perf_counter()
    connection = HTTPConnection("127.0.0.1", web.port, timeout=3 * PATIENCE)
    connection.request("POST", "/imports/", body, headers)
    answer = connection.getresponse()
    text = answer.read().decode(errors="replace")
    connection.close()
    sentences = [each for each in re.findall(r">\s*([^<>]{12,300}。)\s*<", text) if _SIGNS.search(each)]
    seen.answers.append((kind, time.perf_counter() - started, f"{answer.status} {' '.join(sentences[:1])}"))


@contextmanager
def watching(web: Web, seen: Watched) -> Iterator[None]:
    over = threading.Event()
    processes = processes_of(web)

    def watch() -> None:
        while not over.is_set():
            started = time.perf_counter()
            Visitor(web.port).ask("GET", "/healthz")
            seen.healthz.append(time.perf_counter() - started)
            seen.memory.append(max(map(memory_of, processes)))
            time.sleep(0.05)

    thread = threading.Thread(target=watch)
    thread.start()
    yield
    over.set()
    thread.join()


def processes_of(web: Web) -> list[int]:
    """gunicorn's own processes by the address they were told to bind; those that read files are told nothing."""
    sign = f"BIND=127.0.0.1:{web.port}\0".encode()
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if sign in (folder / "environ").read_bytes() + b"\0":
                found.append(int(folder.name))
        except OSError:
            continue
    return found


def memory_of(process: int) -> int:
    """Bytes that a process holds now; 0 for one that has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    return int(status.partition("VmRSS:")[2].split()[0]) * 1024


def report(before: Watched, during: Watched) -> None:
    for kind, seconds, answer in sorted(during.answers):
        print(f"{kind:45} answered after {seconds:5.1f} s: {answer[:90]}")
    for word, seen in (("before", before), ("during", during)):
        print(
            f"{word}: /healthz median {median(seen.healthz) * 1000:.0f} ms, {max(seen.healthz) * 1000:.0f} ms at most; "
            f"the web process held {max(seen.memory) / 1e6:.0f} MB at most"
        )


if __name__ == "__main__":
    main()
