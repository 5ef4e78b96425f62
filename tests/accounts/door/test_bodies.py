"""A body over its page's limit is refused before anything of it is parsed or written."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import resolve, reverse

from accounts.door.bodies import FROM_STRANGERS, MEGABYTE, TEXT, limit_of
from accounts.door.browsers import COOKIE

PASSWORD = "pass-word-123"


class Unread(BytesIO):
    """A body that must not be read."""

    def read(self, size: int | None = -1) -> bytes:
        raise AssertionError("the body was read")


@pytest.fixture
def uploads(settings, tmp_path) -> Path:
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "uploads"
    settings.FILE_UPLOAD_TEMP_DIR.mkdir()
    return settings.FILE_UPLOAD_TEMP_DIR


def said_to_be(length: int, path: str, client: Client):
    """The answer to a request whose body would be so long."""
    return client.generic(
        "POST",
        path,
        content_type="multipart/form-data; boundary=x",
        **{"CONTENT_LENGTH": str(length), "wsgi.input": Unread()},
    )


@pytest.mark.parametrize("path", ["/login/", "/", "/imports/", "/admin/kpis/kpi/import/", "/password/"])
def test_600_megabytes_of_a_stranger_are_refused_unread(path, db):
    answer = said_to_be(600_000_000, path, Client())
    assert answer.status_code == 413
    assert "送信できる大きさを超えています" in answer.content.decode()


def test_a_page_of_text_takes_no_file_from_staff(editor, signed_in):
    assert said_to_be(TEXT + 1, reverse("entries:list"), signed_in(editor)).status_code == 413


def test_the_page_of_imports_takes_20_megabytes_and_text_beside_them(editor, signed_in):
    answer = said_to_be(20 * MEGABYTE + TEXT + 1, "/imports/", signed_in(editor))
    assert answer.status_code == 413
    assert "22MBまで" in answer.content.decode()


@pytest.mark.parametrize(
    ("path", "megabytes"),
    [
        ("/imports/", 20),
        ("/personnel/", 20),
        ("/inquiries/answers/1/", 20),
        ("/admin/kpis/target/import/", 20),
        ("/entries/panel/1/2025-05/evidence/", 3),
        ("/entries/", 0),
        ("/approvals/", 0),
        ("/login/", 0),
    ],
)
def test_each_page_that_takes_a_file_has_its_own_limit(path, megabytes, settings):
    settings.EVIDENCE_MAX_MB = 3
    assert limit_of(resolve(path).func, is_stranger=False) == TEXT + megabytes * MEGABYTE
    assert limit_of(resolve(path).func, is_stranger=True) == FROM_STRANGERS


def test_a_browser_in_which_staff_signed_in_may_send_what_the_page_takes(editor, uploads):
    client = Client()
    client.post("/login/", {"username": editor.employee_number, "password": PASSWORD})
    known = client.cookies[COOKIE].value
    later = Client()
    later.cookies[COOKIE] = known
    paper = SimpleUploadedFile("a.pdf", b"x" * 3 * MEGABYTE)
    assert later.post("/imports/", {"file": paper}).status_code == 302
    assert list(uploads.iterdir()) == []


@pytest.mark.parametrize("cookie", ["", "staff", "staff:1vPz6N:made-up"])
def test_a_cookie_of_ones_own_making_opens_nothing(cookie, db):
    client = Client()
    client.cookies[COOKIE] = cookie
    assert said_to_be(FROM_STRANGERS + 1, "/imports/", client).status_code == 413


def test_that_staff_signed_in_is_forgotten_after_a_day(editor, time_machine):
    time_machine.move_to("2025-06-10T01:00:00Z")
    client = Client()
    client.post("/login/", {"username": editor.employee_number, "password": PASSWORD})
    stranger = Client()
    stranger.cookies[COOKIE] = client.cookies[COOKIE].value
    time_machine.shift(24 * 60 * 60 + 5)
    assert said_to_be(FROM_STRANGERS + 1, "/imports/", stranger).status_code == 413


class Stopping(BytesIO):
    """A sender who stops in the middle."""

    def read(self, size: int | None = -1) -> bytes:
        if piece := super().read(size):
            return piece
        raise TimeoutError("timed out")


def chunked(path: str, body: BytesIO) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer to a body that does not say its length."""
    environ = RequestFactory(HTTP_TRANSFER_ENCODING="chunked").post(path).environ
    environ |= {"wsgi.input": body, "CONTENT_TYPE": "application/x-www-form-urlencoded", "CONTENT_LENGTH": ""}
    answer = Client().handler(environ)  # not the bare WSGIHandler, which would close the test's connection
    return answer.status_code, dict(answer.headers)


def test_a_chunked_body_is_counted(db, uploads):
    assert chunked("/login/", BytesIO(b"username=" + b"1" * FROM_STRANGERS))[0] == 413
    assert list(uploads.iterdir()) == []


def test_a_chunked_body_within_the_limit_is_read(editor, uploads):
    status, headers = chunked("/login/", BytesIO(f"username={editor.employee_number}&password={PASSWORD}".encode()))
    assert (status, headers.get("Location")) == (302, "/")


def test_a_chunked_body_that_stops_is_told_so(db, uploads):
    assert chunked("/login/", Stopping(b"username=1"))[0] == 408
    assert list(uploads.iterdir()) == []


def test_an_upload_goes_to_the_folder_for_uploads_and_leaves_nothing(reform_office, signed_in, uploads, monkeypatch):
    seen: list[list[Path]] = []
    monkeypatch.setattr(
        "accounts.personnel_forms.UploadForm.preview", lambda form: seen.append(list(uploads.iterdir())) or None
    )
    signed_in(reform_office).post("/personnel/", {"file": SimpleUploadedFile("a.csv", b"x" * 3 * MEGABYTE)})
    assert [len(files) for files in seen] == [1]
    assert list(uploads.iterdir()) == []
