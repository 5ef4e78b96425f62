"""The process that reads one file and ends: `python -m sheets.child`, the file on stdin, lines of sheets.wire on stdout,
or after `tables` those of sheets.wire_tables.

Whatever a file makes a library do, memory, time or an abort, ends here. It opens no file and knows no setting.
"""

from __future__ import annotations

import contextlib
import resource
import signal
import sys

from sheets.limits import CHILD_CPU, CHILD_MEMORY, CHILD_WALL, MAX_BYTES

#: Asks for the tables of the file; the headings of the application's own files follow.
TABLES = "tables"


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
    from sheets.tables_of_files import tables_in
    from sheets.wire import lines_of, refusal
    from sheets.wire_tables import lines_of_tables

    out = sys.stdout.buffer
    try:
        book = read_here(sys.stdin.buffer.read(MAX_BYTES + 1))
        answer = lines_of_tables(tables_in(book, sys.argv[2:])) if sys.argv[1:2] == [TABLES] else lines_of(book)
    except FileRefused as refused:
        out.write(refusal(str(refused)))
    except (MemoryError, RecursionError):
        out.write(refusal(TOO_COSTLY))
    else:
        out.writelines(answer)
    out.flush()


if __name__ == "__main__":
    main()
