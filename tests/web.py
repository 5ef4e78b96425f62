"""The web server as it is deployed, for tests and benchmarks: gunicorn with gunicorn.conf.py behind nginx with the
configuration of deploy/nginx. Both listen on loopback, on ports nobody else uses."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.servers import ServerError, free_port, stopped_at_the_end, wait_for

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "deploy/nginx/reform.conf.template"
#: What the packages' own nginx.conf says around conf.d/*.conf, for one who may not write to /run and /var/log.
MAIN = """
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
{user}
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    include /etc/nginx/mime.types;
    default_type application/octet-stream;
    access_log off;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/conf.d/*.conf;
}}
"""


@dataclass(frozen=True)
class Web:
    """A server that answers at 127.0.0.1:`port`; `uploads` is where it keeps bodies, `temporary` its system's folder for
    temporary files, `log` what it says."""

    port: int
    uploads: Path
    temporary: Path
    log: Path

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"


def nginx_program() -> str:
    """The path of nginx. Debian puts it where only the administrator looks for programs. Raises ServerError."""
    found = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if found is None:
        raise ServerError("no nginx found: run script/setup --test, or install the package nginx")
    return found


def filled_in(**values: str) -> str:
    """The proxy's configuration with its names filled in; nginx's own variables stay."""
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, value in values.items():
        text = text.replace(f"${{{name}}}", value)
    return text


@contextmanager
def gunicorn(folder: Path, environment: dict[str, str]) -> Iterator[Web]:
    """The application on gunicorn; `environment` names at least its database."""
    port, log, temporary = free_port(), folder / "gunicorn.log", folder / "system-tmp"
    media = folder / "media"
    temporary.mkdir()
    ours = {
        "BIND": f"127.0.0.1:{port}",
        "MEDIA_ROOT": str(media),
        "STATIC_ROOT": str(folder / "static"),
        "TMPDIR": str(temporary),
        "SECRET_KEY": "only-for-the-tests",
        "ALLOWED_HOSTS": "127.0.0.1",
        "PROXY_COUNT": "1",
        "WEB_PROCESSES": "1",
        "SECURITY_LOG": str(folder / "security.log"),
    }
    with log.open("wb") as out:
        server = subprocess.Popen(
            [sys.executable, "-m", "gunicorn"],
            cwd=ROOT,
            env=os.environ | ours | environment,
            stdout=out,
            stderr=out,
        )
    with stopped_at_the_end(server, signal.SIGTERM):
        wait_for(server, lambda: _is_well(port), "gunicorn", log)
        yield Web(port, media / "uploads", temporary, log)


@contextmanager
def nginx(
    folder: Path, application: Web, *, static: Path | None = None, listen: str = "127.0.0.1:{port}", more: str = ""
) -> Iterator[Web]:
    """nginx before the application; `static` is what collectstatic made, `more` a second file of the http context."""
    program, port, uploads = nginx_program(), free_port(), folder / "bodies"
    (folder / "conf.d").mkdir()
    uploads.mkdir()
    configuration = filled_in(
        LISTEN=listen.format(port=port),
        APPLICATION=f"127.0.0.1:{application.port}",
        STATIC_FOLDER=str(static or ROOT / "static"),
        UPLOAD_FOLDER=str(uploads),
        UPLOAD_MB="23",
    )
    (folder / "conf.d/reform.conf").write_text(configuration, encoding="utf-8")
    if more:
        (folder / "conf.d/tls.conf").write_text(more, encoding="utf-8")
    main = folder / "nginx.conf"
    main.write_text(MAIN.format(folder=folder, user="user root;" if os.geteuid() == 0 else ""), encoding="utf-8")
    log = folder / "nginx.log"
    with (folder / "nginx.out").open("wb") as out:
        server = subprocess.Popen([program, "-c", main, "-p", folder], stdout=out, stderr=out)
    with stopped_at_the_end(server, signal.SIGTERM):
        wait_for(server, lambda: _listens(port), "nginx", folder / "nginx.out")
        yield Web(port, uploads, application.temporary, log)


def _listens(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


def _is_well(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False
