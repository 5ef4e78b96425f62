"""A browser without scripts, over real HTTP: keeps cookies, reads forms, presses their buttons."""

from __future__ import annotations

import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar
from pathlib import Path
from uuid import uuid4


@dataclass
class Form:
    """A form as it stands in a page: fields in order, and the fields for files."""

    action: str
    fields: list[tuple[str, str]] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    buttons: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: int
    address: str
    html: str
    headers: dict[str, str]

    @property
    def words(self) -> str:
        """What a person reads in its main part, on one line."""
        main = re.search(r"<main.*?</main>", self.html, re.DOTALL)
        text = re.sub(r"<(script|style).*?</\1>", "", main[0] if main else self.html, flags=re.DOTALL)
        return " ".join(re.sub(r"<[^>]+>", " ", text).split())

    @property
    def forms(self) -> list[Form]:
        reader = _Forms()
        reader.feed(self.html)
        return reader.forms

    def form_with(self, name: str) -> Form:
        """The first form that has a field or button of that name."""
        return next(
            form for form in self.forms if name in {key for key, _ in form.fields + form.buttons} | set(form.files)
        )


class Visitor:
    """One person at one browser."""

    def __init__(self, site: str, timeout: float = 60) -> None:
        self.site, self.timeout = site, timeout
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, address: str) -> Page:
        return self._ask(urllib.request.Request(urllib.parse.urljoin(self.site, address)))

    def post(self, address: str, fields: list[tuple[str, str]], files: dict[str, Path] | None = None) -> Page:
        """Sends a form; with files as multipart."""
        if files is None:
            body, kind = urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
        else:
            body, kind = _multipart(fields, files)
        request = urllib.request.Request(urllib.parse.urljoin(self.site, address), data=body)
        request.add_header("Content-Type", kind)
        request.add_header("Referer", self.site)
        return self._ask(request)

    def press(
        self,
        page: Page,
        form: Form,
        typed: dict[str, str] | None = None,
        button: tuple[str, str] | None = None,
        files: dict[str, Path] | None = None,
    ) -> Page:
        """Fills in a form of a page and presses a button of it."""
        typed = typed or {}
        fields = [(name, typed.get(name, value)) for name, value in form.fields] + ([button] if button else [])
        return self.post(urllib.parse.urljoin(page.address, form.action), fields, files)

    def sign_in(self, number: str, password: str) -> None:
        page = self.get("/login/")
        home = self.press(page, page.form_with("username"), {"username": number, "password": password})
        assert home.status == 200, home.words
        assert "/login/" not in home.address, home.words

    def _ask(self, request: urllib.request.Request) -> Page:
        try:
            with self.opener.open(request, timeout=self.timeout) as answer:
                return Page(answer.status, answer.url, answer.read().decode(), dict(answer.headers))
        except urllib.error.HTTPError as error:
            return Page(error.code, error.url, error.read().decode(), dict(error.headers))


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self.open: Form | None = None
        self.text: tuple[str, list[str]] | None = None
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        given = dict(attributes)
        name, value = given.get("name") or "", given.get("value") or ""
        if tag == "form":
            self.open = Form(given.get("action") or "")
            self.forms.append(self.open)
        elif self.open is None:
            return
        elif tag == "input":
            kind = given.get("type", "text")
            if kind == "file":
                self.open.files.append(name)
            elif (
                name and kind not in ("submit", "button") and (kind not in ("checkbox", "radio") or "checked" in given)
            ):
                self.open.fields.append((name, value))
        elif tag == "button" and name:
            self.open.buttons.append((name, value))
        elif tag == "textarea":
            self.text = (name, [])
        elif tag == "select":
            self.select, self.options = name, []
        elif tag == "option" and self.select is not None:
            self.options.append((value, "selected" in given))

    def handle_data(self, data: str) -> None:
        if self.text is not None:
            self.text[1].append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif self.open is None:
            return
        elif tag == "textarea" and self.text is not None:
            self.open.fields.append((self.text[0], "".join(self.text[1]).removeprefix("\n")))
            self.text = None
        elif tag == "select" and self.select is not None:
            chosen = [value for value, is_chosen in self.options if is_chosen] or [
                value for value, _ in self.options[:1]
            ]
            self.open.fields.extend((self.select, value) for value in chosen[:1])
            self.select = None


def _multipart(fields: list[tuple[str, str]], files: dict[str, Path]) -> tuple[bytes, str]:
    border = uuid4().hex
    parts = [f'--{border}\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n'.encode() for n, v in fields]
    for name, path in files.items():
        head = f'--{border}\r\nContent-Disposition: form-data; name="{name}"; filename="{path.name}"\r\n'
        parts.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + path.read_bytes() + b"\r\n")
    return b"".join(parts) + f"--{border}--\r\n".encode(), f"multipart/form-data; boundary={border}"
