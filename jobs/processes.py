"""Which process is this, and does it still live? The operating system answers for its own processes only.

A name is `host:machine:pid:start`. `machine` holds the boot and the namespace of process numbers, so that a container of
the same host name, or the same machine before its restart, counts as another one. `start` tells a process from a later
one with the same number. All four are plain text without colons; where /proc is missing, machine and start are empty.
"""

from __future__ import annotations

import enum
import os
import socket
from functools import cache
from pathlib import Path

PROC = Path("/proc")
#: Killed, and its parent has not noticed yet; being taken down.
GONE = {"Z", "X", "x"}


class Fate(enum.Enum):
    """What is known of a process."""

    ALIVE = enum.auto()
    DEAD = enum.auto()
    UNKNOWN = enum.auto()  # of another machine


def own_name() -> str:
    """The name of this process. Not cached: a child made by fork is another process."""
    pid = os.getpid()
    return f"{_host()}:{_machine()}:{pid}:{_start_of(pid)}"


def fate_of(name: str) -> Fate:
    """Whether the process of a name lives; UNKNOWN for one of another machine or an unreadable name."""
    parts = name.split(":")
    if len(parts) != 4 or parts[:2] != [_host(), _machine()] or not parts[2].isdigit():
        return Fate.UNKNOWN
    pid = int(parts[2])
    if not _exists(pid) or _start_of(pid) != parts[3]:
        return Fate.DEAD
    return Fate.ALIVE


@cache
def _host() -> str:
    return socket.gethostname().replace(":", "-")[:80]


@cache
def _machine() -> str:
    try:
        boot = (PROC / "sys/kernel/random/boot_id").read_text().strip()
        return f"{boot[:13]}.{(PROC / 'self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _start_of(pid: int) -> str:
    """When a process began, in clock ticks since the machine's start; empty when it is gone or /proc is missing."""
    try:
        text = (PROC / str(pid) / "stat").read_text()
    except OSError:
        return ""
    # The program's name stands in brackets and may hold anything; field 3 is the state, field 22 the start.
    fields = text.rpartition(")")[2].split()
    return "" if fields[0] in GONE else fields[19]


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
