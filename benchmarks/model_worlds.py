"""Holds the pages against the model of the rules in hundreds of random worlds.

    python -m benchmarks.model_worlds [--worlds 300]

Printed are each difference, and at the end the number of worlds and of comparisons.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys


def main() -> int:
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--worlds", type=int, default=300)
    worlds = asked.parse_args().worlds
    command = [sys.executable, "-m", "pytest", "-q", "--tb=line", "tests/model"]
    return subprocess.run(command, env={**os.environ, "MODEL_WORLDS": str(worlds)}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
