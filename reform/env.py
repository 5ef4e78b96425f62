"""Reads the environment. The environment wins over `.env`; what is wrong is remembered and reported by a system check.

Settings must load even when a value is wrong, so that `manage.py check` can say what to mend in a sentence
instead of a traceback: a reader returns the default then and notes the problem in `problems`.
"""

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from urllib.parse import unquote, urlsplit

import environ

T = TypeVar("T")

#: How long PostgreSQL may leave a connection unanswered, in libpq's words: seconds to connect, seconds until a silent
#: connection is asked whether it lives, and milliseconds until what was sent must have arrived.
PATIENCE: dict[str, object] = {
    "connect_timeout": 5,
    "keepalives_idle": 30,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
}

#: Every name the application reads; `.env.example` documents exactly these (tested).
NAMES: set[str] = set()
#: (name, what would be right), filled while settings load.
problems: list[tuple[str, str]] = []


def load_dotenv(path: Path) -> None:
    """Adds the variables of a `.env` file to the environment; those already set stay as they are."""
    if path.is_file():
        environ.Env.read_env(path, overwrite=False)


def _read(name: str, default: T, convert: Callable[[str], T], expected: str) -> T:
    NAMES.add(name)
    text = os.environ.get(name, "").strip()
    if not text:
        return default
    try:
        return convert(text)
    except ValueError:
        problems.append((name, expected))
        return default


def text(name: str, default: str = "") -> str:
    """A plain string; empty counts as not set."""
    return _read(name, default, str, "文字列")


def flag(name: str, *, default: bool) -> bool:
    """A yes/no value: 1/0, true/false, yes/no, on/off."""

    def convert(value: str) -> bool:
        folded = value.lower()
        if folded in {"1", "true", "yes", "on"}:
            return True
        if folded in {"0", "false", "no", "off"}:
            return False
        raise ValueError(value)

    return _read(name, default, convert, "true または false")


def number(name: str, default: int) -> int:
    """A whole number from 0 on."""

    def convert(value: str) -> int:
        if not (value.isascii() and value.isdigit()):
            raise ValueError(value)
        return int(value)

    return _read(name, default, convert, "0以上の整数")


def choice(name: str, default: str, choices: tuple[str, ...]) -> str:
    """One of the given words, in either case."""

    def convert(value: str) -> str:
        if value.upper() not in choices:
            raise ValueError(value)
        return value.upper()

    return _read(name, default, convert, "・".join(choices) + " のいずれか")


def words(name: str, default: list[str]) -> list[str]:
    """A comma-separated list."""
    return _read(
        name, default, lambda value: [part.strip() for part in value.split(",") if part.strip()], "カンマ区切り"
    )


def path(name: str, default: Path) -> Path:
    """A file-system path; a relative one counts from the working directory."""
    return _read(name, default, lambda value: Path(value).expanduser().resolve(), "フォルダーのパス")


def made(folder: Path) -> Path:
    """The folder, made for this user alone where it is missing; where it cannot be made, a check says so (files.E001)."""
    with contextlib.suppress(OSError):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def address(name: str, forms: dict[str, str]) -> str:
    """An address with one of the schemes that `forms` shows an example of, or "" when not set."""

    def convert(value: str) -> str:
        parts = urlsplit(value)
        # Reading the port raises ValueError when it is none.
        if parts.scheme not in forms or (parts.port is None and not parts.hostname and not parts.path.strip("/")):
            raise ValueError(value)
        return value

    return _read(name, "", convert, " または ".join(dict.fromkeys(forms.values())))


def mail(name: str) -> dict[str, object]:
    """Django's EMAIL_* settings from EMAIL_URL; mails go to the log when it is not set.

    smtp:// speaks plainly or, with ?tls=true, turns to TLS (STARTTLS); smtps:// speaks TLS from the start.
    """
    forms = {"smtp": "smtp://利用者:パスワード@ホスト:587?tls=true", "smtps": "smtps://利用者:パスワード@ホスト:465"}
    url = urlsplit(address(name, forms))
    if not url.hostname:
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    is_tls_from_start = url.scheme == "smtps"
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": url.port or (465 if is_tls_from_start else 25),
        "EMAIL_HOST_USER": unquote(url.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(url.password or ""),
        "EMAIL_USE_SSL": is_tls_from_start,
        "EMAIL_USE_TLS": not is_tls_from_start and "tls=true" in url.query.lower(),
        "EMAIL_TIMEOUT": 20,
    }


def keep_private(file: str) -> None:
    """Lets nobody else read a SQLite database: it is made with mode 600, and SQLite gives its -wal and -shm the same."""
    if file == ":memory:":
        return
    with contextlib.suppress(OSError):  # another user's, or a folder that is not there: opening it says so
        os.close(os.open(file, os.O_RDWR | os.O_CREAT, 0o600))
        for each in (file, f"{file}-wal", f"{file}-shm"):
            if os.path.exists(each) and os.stat(each).st_mode & 0o077:
                os.chmod(each, 0o600)


def database(name: str, sqlite_file: Path) -> dict[str, object]:
    """Django's DATABASES entry from DATABASE_URL (postgresql:// or sqlite:///), SQLite in `sqlite_file` when not set."""
    server = "postgresql://利用者:パスワード@ホスト/データベース名"
    url = address(name, {"postgresql": server, "postgres": server, "sqlite": "sqlite:///ファイルのパス"})
    if urlsplit(url).scheme.startswith("postgres"):
        entry: dict[str, object] = dict(environ.Env.db_url_config(url, engine="django.db.backends.postgresql"))
        given: dict[str, object] = entry.get("OPTIONS") or {}  # type: ignore[assignment]  # what follows ? in the address
        return entry | {"CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True, "OPTIONS": PATIENCE | given}
    if not url:
        sqlite_file.parent.mkdir(parents=True, exist_ok=True)
    file = unquote(urlsplit(url).path)[1:] or str(sqlite_file)
    keep_private(file)
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": file,
        "OPTIONS": {
            # A writer takes its lock at once and waits for others instead of failing half-way.
            "transaction_mode": "IMMEDIATE",
            "timeout": 20,
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
            # INSERT OR REPLACE deletes the old row: only so do the triggers that keep history see it.
            "PRAGMA recursive_triggers=ON;",
        },
    }
