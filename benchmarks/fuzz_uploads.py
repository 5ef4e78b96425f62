"""Opens files that were spoiled at random: only a book or a refusal may come out, soon and in bounded memory.

    python -m benchmarks.fuzz_uploads            2,000 files
    python -m benchmarks.fuzz_uploads 150 --seed 7

Each file follows from its number, so that a failure can be looked at again. They are opened in processes of their own
whose memory is limited and which end a file that takes too long.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import resource
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from sheets import FileRefused, find_tables, guess_layout, open_book
from tests.sheets.making import MONTHLY, csv_text, excel_like, ods, ods_rows, package, parts_of, xls, xlsx

SECONDS_PER_FILE = 10
MEMORY = 1024 * 1024 * 1024
BATCH = 250

_LONG: list[list[Any]] = [
    ["年月", "所属", "件数", "割合", "基準日"],
    *[[f"令和6年{4 + n % 9}月", f"第{n}課", n * 1234, n / 7, date(2024, 4 + n % 9, 30)] for n in range(60)],
]


class TooSlow(BaseException):
    """Passes every `except Exception` on its way out."""


@dataclass(frozen=True)
class Outcome:
    number: int
    kind: str
    ended: str
    seconds: float


def originals() -> dict[str, list[bytes]]:
    text = csv_text(MONTHLY)
    strings = "".join(f"<si><t>課{n}</t></si>" for n in range(30))
    cells = "".join(
        f'<row r="{n + 1}"><c r="A{n + 1}" t="s"><v>{n}</v></c><c r="C{n + 1}"><v>{n}</v></c></row>' for n in range(30)
    )
    return {
        "csv": [text.encode(), text.encode("cp932"), text.encode("utf-16"), csv_text(_LONG).encode("utf-8-sig")],
        "xlsx": [xlsx(MONTHLY), xlsx(_LONG, MONTHLY), excel_like(strings, cells)],
        "xls": [xls(MONTHLY), xls(_LONG, MONTHLY)],
        "ods": [ods(ods_rows(MONTHLY)), ods(ods_rows(_LONG) + ods_rows(MONTHLY))],
    }


# --- spoiling --------------------------------------------------------------------------------------------------------
def flipped(data: bytes, chance: random.Random) -> bytes:
    spoiled = bytearray(data)
    for _ in range(chance.choice((1, 2, 8, 64))):
        spoiled[chance.randrange(len(spoiled))] ^= 1 << chance.randrange(8)
    return bytes(spoiled)


def truncated(data: bytes, chance: random.Random) -> bytes:
    return data[: chance.randrange(len(data))]


def spliced(data: bytes, chance: random.Random) -> bytes:
    """A piece of the file put in elsewhere, or over what is there."""
    start, at = chance.randrange(len(data)), chance.randrange(len(data))
    piece = data[start : start + chance.choice((4, 64, 1024))]
    return data[:at] + piece + data[at + (len(piece) if chance.random() < 0.5 else 0) :]


def overwritten(data: bytes, chance: random.Random) -> bytes:
    at, length = chance.randrange(len(data)), chance.choice((2, 4, 8, 200))
    filling = chance.choice((b"\x00", b"\xff", b"\x7f", b'"', b",", b"<", b"\n")) * length
    return data[:at] + filling + data[at + length :]


def _spoiled_xml(content: bytes, chance: random.Random) -> bytes:
    """What XML can claim: huge numbers, other positions, tags gone, depth, entities."""
    return chance.choice(
        (
            lambda: re.sub(rb'"[0-9]+"', lambda m: b'"99999999"' if chance.random() < 0.3 else m[0], content),
            lambda: re.sub(rb'"[A-Z]+[0-9]+"', lambda m: b'"XFD1048576"' if chance.random() < 0.1 else m[0], content),
            lambda: re.sub(rb"<v>[^<]*</v>", lambda m: b"<v>1e999999</v>" if chance.random() < 0.3 else m[0], content),
            lambda: re.sub(rb"</?[a-z:]+", lambda m: b"" if chance.random() < 0.01 else m[0], content),
            lambda: content.replace(b"<row", b"<row r='7'><c/></row>" * chance.choice((10, 20_000)) + b"<row", 1),
            lambda: content.replace(b"<row", b"<x>" * 50_000 + b"<row", 1),
            lambda: content.replace(
                b"<table:table-cell", b'<table:table-cell table:number-columns-repeated="99999999"'
            ),
            lambda: content.replace(b"<table:table-row", b'<table:table-row table:number-rows-repeated="1048576"'),
            lambda: b'<!DOCTYPE a [<!ENTITY b "c">]>' + content,
            lambda: flipped(content, chance),
            lambda: truncated(content or b" ", chance),
        )
    )()


def with_spoiled_member(data: bytes, chance: random.Random) -> bytes:
    parts = parts_of(data)
    inner = [name for name in parts if "sheet" in name or name in ("content.xml", "xl/workbook.xml", "xl/styles.xml")]
    name = chance.choice(inner if chance.random() < 0.8 else list(parts))
    if chance.random() < 0.1:
        del parts[name]
    else:
        parts[name] = _spoiled_xml(parts[name], chance)
    return package(parts)


def spoiled(number: int, sources: dict[str, list[bytes]]) -> tuple[str, bytes]:
    """The file of a number, with its kind."""
    chance = random.Random(number)  # the same file for the same number
    kind = ("csv", "xlsx", "xls", "ods")[number % 4]
    data = chance.choice(sources[kind])
    ways: list[Callable[[bytes, random.Random], bytes]] = [flipped, truncated, spliced, overwritten]
    if kind in ("xlsx", "ods"):
        # Bits of a packed part mostly end at its checksum: what is inside is where damage shows.
        ways += [with_spoiled_member] * 6
    data = chance.choice(ways)(data, chance)
    if chance.random() < 0.3 and data:
        data = chance.choice(ways[:4])(data, chance)
    return kind, data


# --- opening ---------------------------------------------------------------------------------------------------------
def outcome_of(number: int, kind: str, data: bytes) -> Outcome:
    """Opens a file as an import does, as far as the guess of its layout. Whatever else is raised is the outcome."""
    started = time.perf_counter()
    signal.setitimer(signal.ITIMER_REAL, SECONDS_PER_FILE)
    try:
        book = open_book(data, f"{number}.{kind}")
        for sheet in book.sheets:
            for table in find_tables(sheet):
                guess_layout(table, file_name=f"令和6年度_{number}.{kind}")
        ended = "book"
    except FileRefused:
        ended = "refused"
    except TooSlow:
        ended = "too slow"
    except Exception as error:
        ended = f"{type(error).__name__}: {error}"[:200]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
    return Outcome(number, kind, ended, time.perf_counter() - started)


def peak_memory() -> int:
    """The most memory this process held, in bytes. getrusage would count what its parent held before the exec."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


def _work(first: int, count: int) -> None:
    """The child's part: one line of JSON for each file, and its own greatest memory at the end."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))

    def stop(*_: object) -> None:
        raise TooSlow

    signal.signal(signal.SIGALRM, stop)
    sources = originals()
    for number in range(first, first + count):
        kind, data = spoiled(number, sources)
        print(json.dumps(vars(outcome_of(number, kind, data))), flush=True)
    print(json.dumps({"memory": peak_memory()}), flush=True)


def run(count: int, seed: int = 0) -> tuple[list[Outcome], int]:
    """The outcomes of `count` files from number `seed` on, and the most memory a process took, in bytes.

    A process that dies leaves an outcome for the file it was at; the next one goes on behind it.
    """
    outcomes: list[Outcome] = []
    memory = 0
    while len(outcomes) < count:
        size = min(BATCH, count - len(outcomes))
        found, used = _run_child(seed + len(outcomes), size)
        outcomes += found
        memory = max(memory, used)
    return outcomes, memory


def _run_child(first: int, size: int) -> tuple[list[Outcome], int]:
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.fuzz_uploads", "--work", str(first), str(size)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        timeout=SECONDS_PER_FILE * size + 60,
        check=False,
    )
    lines = list(_lines(child.stdout))
    outcomes = [Outcome(**line) for line in lines if "memory" not in line]
    memory = max((line["memory"] for line in lines if "memory" in line), default=0)
    if child.returncode and len(outcomes) < size:
        number = first + len(outcomes)
        outcomes.append(Outcome(number, "?", f"died ({child.returncode}): {child.stderr[-200:]}", 0))
    return outcomes, memory


def _lines(text: str) -> Iterator[dict[str, Any]]:
    for line in text.splitlines():
        yield json.loads(line)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=2000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--work", type=int, nargs=2, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.work:
        return _work(*options.work)
    outcomes, memory = run(options.count, options.seed)
    for kind in ("csv", "xlsx", "xls", "ods"):
        ended = Counter(outcome.ended for outcome in outcomes if outcome.kind == kind)
        print(f"{kind:5} {sum(ended.values()):5} files: {ended['book']} read, {ended['refused']} refused")
    others = [outcome for outcome in outcomes if outcome.ended not in ("book", "refused")]
    slowest = max(outcomes, key=lambda outcome: outcome.seconds)
    print(f"slowest {slowest.seconds:.2f} s (number {slowest.number}); most memory {memory / 1e6:.0f} MB")
    print(f"anything else: {len(others)}")
    for outcome in others:
        print(f"  number {outcome.number} ({outcome.kind}): {outcome.ended}")
    sys.exit(1 if others else 0)


if __name__ == "__main__":
    main()
