"""Has a file read by a process of its own, with an end to its memory and time; one at a time for each process here.

A process is started, never forked: a copy of a process with threads may hang on a lock that nobody will let go.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from select import select
from typing import IO, TypeVar

from sheets.books import TOO_COSTLY, Book, FileRefused, ReaderBusy
from sheets.child import TABLES
from sheets.limits import CHILD_WALL, MAX_ANSWER, MAX_WAIT
from sheets.tables_of_files import Tables
from sheets.wire import book_of
from sheets.wire_tables import tables_of

_BUSY = "ほかのファイルを読んでいて、順番が来ませんでした。少し待ってから、もう一度選んでください。"
_ROOT = Path(__file__).resolve().parent.parent
COMMAND = (sys.executable, "-s", "-m", "sheets.child")
_PIECE = 256 * 1024
_turn = threading.Lock()
Answer = TypeVar("Answer")


def read_apart(data: bytes) -> Book:
    """The book of a file, however hostile. Raises FileRefused, also where the process that read it ended or took too
    long, and ReaderBusy where others had theirs read for MAX_WAIT seconds."""
    return _in_turn(data, (), book_of)


def find_tables_apart(data: bytes, own_headings: Collection[str]) -> Tables:
    """The tables of a file, found by the process that reads it. Raises as `read_apart` does."""
    return _in_turn(data, (TABLES, *own_headings), tables_of)


def _in_turn(data: bytes, asked: Sequence[str], understand: Callable[[Iterator[bytes]], Answer]) -> Answer:
    if not _turn.acquire(timeout=MAX_WAIT):
        raise ReaderBusy(_BUSY)
    try:
        return _read(data, asked, understand)
    finally:
        _turn.release()


def _read(data: bytes, asked: Sequence[str], understand: Callable[[Iterator[bytes]], Answer]) -> Answer:
    deadline = time.monotonic() + CHILD_WALL
    with _stored(data) as file:
        try:
            child = _start(file, asked)
        except OSError as error:  # no memory or no processes left on this machine
            raise ReaderBusy(_BUSY) from error
    try:
        assert child.stdout is not None
        return understand(_lines(child.stdout, deadline))
    except (ValueError, KeyError, TypeError, IndexError) as error:
        raise FileRefused(TOO_COSTLY) from error
    finally:
        # Also when this request was broken off: the child ends with it and is waited for, so that nothing of it stays.
        child.kill()
        child.wait()
        if child.stdout is not None:
            child.stdout.close()


def _stored(data: bytes) -> IO[bytes]:
    """The file as something to read from: nobody has to write while the answer is read, and it has no name on disk."""
    in_memory = hasattr(os, "memfd_create")
    file = os.fdopen(os.memfd_create("file"), "w+b") if in_memory else tempfile.TemporaryFile()  # noqa: SIM115
    file.write(data)
    file.seek(0)
    return file


def _start(file: IO[bytes], asked: Sequence[str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(  # noqa: S603  our own module and headings, no words of anybody's
        (*COMMAND, *asked),
        stdin=file,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=_ROOT,
        env={"PYTHONUTF8": "1"},  # it has no use for passwords and addresses
        bufsize=0,
    )


def _lines(stdout: IO[bytes], deadline: float) -> Iterator[bytes]:
    """The lines of the answer as they come. Raises FileRefused after the deadline and for an answer without end."""
    begun: list[bytes] = []  # of a line whose end has not come yet
    length = 0
    while True:
        if not select([stdout], [], [], max(0, deadline - time.monotonic()))[0]:
            raise FileRefused(TOO_COSTLY)
        piece = os.read(stdout.fileno(), _PIECE)
        length += len(piece)
        if length > MAX_ANSWER:
            raise FileRefused(TOO_COSTLY)
        if not piece:
            return
        for part in piece.splitlines(keepends=True):
            begun.append(part)
            if part.endswith(b"\n"):
                yield b"".join(begun)
                begun.clear()
