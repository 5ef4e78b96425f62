"""Holds the pages against the model of the rules in hundreds of random worlds.

    python -m benchmarks.model_worlds [--worlds 300] [--first 0] [--at-once 1]

Printed are the differences and, every ten worlds, how many agree, so that a run that is stopped has measured something;
at the end the number of worlds that agree, of comparisons and of seconds. A world's number makes the same world again:
`--first 17 --worlds 1`.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

#: Worlds of one run of pytest: what it found is printed as soon as it ends.
CHUNK = 10
COMPARED = re.compile(r"worlds, ([\d,]+) comparisons")
PASSED = re.compile(r"(\d+) passed")


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--worlds", type=int, default=300)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--at-once", type=int, default=1, help="processes side by side")
    given = asked.parse_args()
    began, end = time.monotonic(), given.first + given.worlds
    chunks = [(first, min(CHUNK, end - first)) for first in range(given.first, end, CHUNK)]
    with ThreadPoolExecutor(given.at_once) as pool:
        found = list(pool.map(run, chunks))
    worlds, agreeing, compared = (sum(each[n] for each in found) for n in range(3))
    print(f"{agreeing} of {worlds} worlds agree; {compared:,} comparisons in {time.monotonic() - began:.0f} s")
    return 0 if agreeing == given.worlds else 1


def run(chunk: tuple[int, int]) -> tuple[int, int, int]:
    """Worlds, those that agree, and comparisons of one run."""
    first, count = chunk
    command = [sys.executable, "-m", "pytest", "-q", "--tb=short", "-p", "no:xdist", "--timeout=900", "tests/model"]
    numbers = {"MODEL_WORLDS": str(count), "MODEL_FIRST": str(first)}
    done = subprocess.run(command, env={**os.environ, **numbers}, check=False, capture_output=True, text=True)
    for line in done.stdout.splitlines():
        if line.startswith("E ") and "assert not" not in line and " where " not in line:
            print(line[1:].strip(), flush=True)
    found = COMPARED.search(done.stdout)
    passed = PASSED.search(done.stdout)
    if found is None:
        print(done.stdout[-2000:], done.stderr[-2000:], flush=True)
        return count, 0, 0
    agreeing, compared = int(passed[1]) if passed else 0, int(found[1].replace(",", ""))
    print(f"from {first}: {agreeing} of {count} worlds agree; {compared:,} comparisons", flush=True)
    return count, agreeing, compared


if __name__ == "__main__":
    sys.exit(main())
