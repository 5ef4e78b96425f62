"""The process that reads one file and ends: `python -m sheets.child`, the file on stdin, lines of sheets.wire on stdout.

Whatever a file makes a library do, memory, time or an abort, ends here. It opens no file and knows no setting.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import sys

from sheets.limits import CHILD_CPU, CHILD_MEMORY, CHILD_WALL, MAX_BYTES


def limit() -> None:
    """Before a byte of the file is read. An ended parent leaves nothing behind: the clock ends this process as well."""
    for what, most in (
        (resource.RLIMIT_AS, CHILD_MEMORY),
        (resource.RLIMIT_CPU, CHILD_CPU),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # a stricter limit is already set, or the system has none
            resource.setrlimit(what, (most, most))
    signal.alarm(CHILD_WALL)


def main() -> None:
    limit()
    from sheets.books import TOO_COSTLY, FileRefused
    from sheets.opening import read_here
    from sheets.wire import lines_of, refusal

    out = sys.stdout.buffer
    try:
        book = read_here(sys.stdin.buffer.read(MAX_BYTES + 1))
    except FileRefused as refused:
        out.write(refusal(str(refused)))
    except (MemoryError, RecursionError):
        out.write(refusal(TOO_COSTLY))
    else:
        out.writelines(lines_of(book))
    out.flush()


if __name__ == "__main__":
    main()
