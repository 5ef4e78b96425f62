"""nginx with the configuration of deploy/nginx, before a server that says what it was asked."""

from __future__ import annotations

import gzip
import json
import re
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection, HTTPResponse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from django.conf import settings

from tests.servers import free_port
from tests.web import Web, nginx, nginx_program

MEGABYTE = 1_000_000
EXAMPLE = settings.BASE_DIR / "deploy/nginx/tls.conf.example"


class Echo(BaseHTTPRequestHandler):
    """Answers with what it was asked, as JSON."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
        headers = {name.lower(): value for name, value in self.headers.items()}
        said = json.dumps({"path": self.path, "headers": headers, "length": len(body)}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    do_POST = do_GET

    def log_message(self, *args: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def application(tmp_path_factory) -> Iterator[Web]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Echo)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = tmp_path_factory.mktemp("application")
    yield Web(server.server_address[1], folder, folder, folder / "log")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def static(tmp_path_factory) -> Path:
    """What collectstatic makes: a style with its checksum, compressed beside it, and the proxy's own pages."""
    folder = tmp_path_factory.mktemp("static")
    (folder / "css").mkdir()
    (folder / "css/base.css").write_text("a{}")
    (folder / "css/base.0123456789ab.css").write_text("b{}")
    (folder / "css/base.0123456789ab.css.gz").write_bytes(gzip.compress(b"b{}"))
    (folder / "proxy").symlink_to(settings.BASE_DIR / "static/proxy")
    return folder


@pytest.fixture(scope="module")
def proxy(application, static, tmp_path_factory) -> Iterator[Web]:
    with nginx(tmp_path_factory.mktemp("nginx"), application, static=static) as web:
        yield web


@pytest.fixture
def ask(proxy) -> Callable[..., HTTPResponse]:
    def answer(method: str, path: str, body: bytes | None = None, **headers: str) -> HTTPResponse:
        connection = HTTPConnection("127.0.0.1", proxy.port, timeout=30)
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        return connection.getresponse()

    return answer


def heard(answer: HTTPResponse) -> dict[str, str]:
    """The headers that the application was asked with."""
    return json.loads(answer.read())["headers"]


def test_the_application_hears_who_asks_and_by_which_name(ask):
    headers = heard(ask("GET", "/", Host="kpi.example.lg.jp"))
    assert headers["host"] == "kpi.example.lg.jp"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert headers["x-forwarded-proto"] == "http"


def test_what_a_sender_makes_up_does_not_pass_for_the_proxys_word(ask):
    headers = heard(ask("GET", "/", X_Forwarded_For="10.1.2.3", X_Forwarded_Proto="https"))
    assert headers["x-forwarded-for"] == "10.1.2.3, 127.0.0.1"  # PROXY_COUNT=1 reads the last
    assert headers["x-forwarded-proto"] == "http"


def test_a_page_is_not_compressed(ask):
    assert ask("GET", "/", Accept_Encoding="gzip, br").getheader("Content-Encoding") is None


def test_a_file_with_its_checksum_is_served_compressed_and_for_good(ask):
    answer = ask("GET", "/static/css/base.0123456789ab.css", Accept_Encoding="gzip")
    assert answer.getheader("Content-Encoding") == "gzip"
    assert "immutable" in ", ".join(answer.headers.get_all("Cache-Control"))
    assert gzip.decompress(answer.read()) == b"b{}"


def test_another_file_is_asked_for_again_soon(ask):
    answer = ask("GET", "/static/css/base.css")
    assert (answer.read(), answer.getheader("Cache-Control")) == (b"a{}", "max-age=3600")


@pytest.mark.parametrize("path", ["/static/css/newer.css", "/static/css/newer.0123456789ab.css"])
def test_a_file_that_is_not_there_is_asked_of_the_application(path, ask):
    assert json.loads(ask("GET", path).read())["path"] == path


@pytest.mark.parametrize("path", ["/static/../nginx.conf", "/static/..%2f..%2fetc/passwd", "/proxy-pages/413.html"])
def test_nothing_else_on_the_disk_is_served(path, ask):
    answer = ask("GET", path)
    text = answer.read().decode()
    assert "root:" not in text
    assert "daemon off" not in text
    assert "送信できる" not in text


@pytest.mark.parametrize(
    ("path", "taken", "refused"),
    [
        ("/login/", 60_000, 70_000),
        ("/", 2 * MEGABYTE, 4 * MEGABYTE),
        ("/approvals/", 2 * MEGABYTE, 4 * MEGABYTE),
        ("/imports/", 22 * MEGABYTE, 25 * MEGABYTE),
        ("/inquiries/answers/1/", 22 * MEGABYTE, 25 * MEGABYTE),
        ("/admin/kpis/target/import/", 22 * MEGABYTE, 25 * MEGABYTE),
    ],
)
def test_a_page_takes_what_it_needs_and_no_more(path, taken, refused, ask, proxy):
    assert json.loads(ask("POST", path, b"x" * taken).read())["length"] == taken
    answer = ask("POST", path, b"x" * refused)
    assert answer.status == 413
    assert "送信できる大きさを超えています" in answer.read().decode()
    until_nothing_is_left(proxy.uploads)


def until_nothing_is_left(folder: Path) -> None:
    """nginx removes a body's file just after its answer."""
    end = time.monotonic() + 10
    while any(file.is_file() for file in folder.rglob("*")):
        assert time.monotonic() < end, sorted(folder.rglob("*"))
        time.sleep(0.05)


def test_a_chunked_body_arrives_whole_and_with_its_length(ask):
    answer = ask("POST", "/", iter([b"a" * 1000, b"b" * 500]))
    assert json.loads(answer.read())["headers"]["content-length"] == "1500"


def test_a_flood_of_sign_ins_is_told_to_wait(ask):
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: ask("POST", "/login/", b"username=1"), range(200)))
    assert {answer.status for answer in answers} == {200, 429}
    last = next(answer for answer in answers if answer.status == 429)
    assert "混み合っています" in last.read().decode()
    assert last.getheader("Retry-After") == "10"
    assert ask("GET", "/login/").status == 200  # the form itself can always be read


def test_sockets_that_say_nothing_keep_nobody_waiting(ask, proxy):
    silent = [socket.create_connection(("127.0.0.1", proxy.port)) for _ in range(200)]
    assert ask("GET", "/").status == 200
    for each in silent:
        each.close()


def test_bodies_that_come_slowly_wait_at_the_proxy(ask, proxy, application):
    head = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nx"
    slow = [socket.create_connection(("127.0.0.1", proxy.port)) for _ in range(50)]
    for each in slow:
        each.sendall(head)
    assert ask("GET", "/").status == 200
    for each in slow:
        each.close()


def test_while_the_application_is_away_people_read_a_sentence(tmp_path):
    away = Web(free_port(), tmp_path, tmp_path, tmp_path)
    with nginx(tmp_path, away) as web:
        connection = HTTPConnection("127.0.0.1", web.port, timeout=30)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == 502
        assert "いまは応答できません" in answer.read().decode()
        assert answer.getheader("Cache-Control") == "no-store"


@pytest.fixture
def with_tls(application, static, tmp_path) -> Iterator[tuple[Web, int]]:
    """The proxy with the example of TLS, and the port that only leads there."""
    plain, key, certificate = free_port(), tmp_path / "key.pem", tmp_path / "certificate.pem"
    asked = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*asked, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    example = EXAMPLE.read_text(encoding="utf-8").replace("/etc/nginx/tls", str(tmp_path))
    example = example.replace("listen 80;", f"listen 127.0.0.1:{plain};")
    folder = tmp_path / "nginx"
    folder.mkdir()
    with nginx(folder, application, static=static, listen="127.0.0.1:{port} ssl", more=example) as web:
        yield web, plain


def test_with_the_example_of_tls_the_application_hears_of_https(with_tls):
    web, plain = with_tls
    trusting = ssl.create_default_context()
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    plainly = socket.create_connection(("127.0.0.1", web.port), timeout=30)
    with trusting.wrap_socket(plainly, server_hostname="localhost") as secure:
        secure.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        answer = b"".join(iter(lambda: secure.recv(65536), b"")).decode()
    assert '"x-forwarded-proto": "https"' in answer
    assert "Strict-Transport-Security: max-age=31536000" in answer

    connection = HTTPConnection("127.0.0.1", plain, timeout=30)
    connection.request("GET", "/kpis/?a=1", headers={"Host": "kpi.example.lg.jp"})
    sent_on = connection.getresponse()
    assert (sent_on.status, sent_on.getheader("Location")) == (301, "https://kpi.example.lg.jp/kpis/?a=1")


def test_every_name_of_the_template_is_explained_in_it():

    text = (settings.BASE_DIR / "deploy/nginx/reform.conf.template").read_text(encoding="utf-8")
    names = set(re.findall(r"\$\{([A-Z_]+)\}", text))
    assert names == set(re.findall(r"^#   ([A-Z_]+) ", text, flags=re.MULTILINE))


def test_debian_keeps_nginx_where_the_tests_look_for_it():
    assert Path(nginx_program()).is_file()
