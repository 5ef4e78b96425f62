"""How long it takes, with the default interval, until what kill -9 left behind is done by itself.

    python -m benchmarks.killed [--interval 60] [--database sqlite|server] [--elsewhere]

One process on SQLite; or, with `--database server` through `python -m tests.servers`, a web process and a worker on
PostgreSQL. At each named step (tests/killing.py) an approval or an export is killed, all installations at once, and the
application is started again (SQLite) or goes on (worker). Printed are the seconds until no job hangs and, for approvals,
whether `audit_summaries` finds a difference.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--interval", default="60")
    parser.add_argument("--database", choices=["sqlite", "server"], default="sqlite")
    parser.add_argument("--elsewhere", action="store_true", help="the killed worker was on another machine")
    options = parser.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "reform.settings")
    import django

    django.setup()
    from tests.killing import OF_AN_APPROVAL, OF_AN_EXPORT

    approvals = [step for step in OF_AN_APPROVAL if step != "value recorded, not committed"]
    work = [("approve", step) for step in approvals] + [("export", step) for step in OF_AN_EXPORT]
    with tempfile.TemporaryDirectory() as folder:
        if options.database == "sqlite":
            found = on_sqlite(Path(folder), work, options.interval)
        else:
            if options.elsewhere:
                work = [("approve", "claimed"), ("export", "typeset")]
            found = on_servers(Path(folder), work, options.interval, elsewhere=options.elsewhere)
    print(f"interval {options.interval} s, {options.database}")
    for (act, step), (seconds, is_right) in zip(work, found, strict=True):
        print(f"  {act:8} {step:26} {seconds:6.1f} s   {'audit: no difference' if is_right else 'WRONG'}")
    print(f"  longest {max(seconds for seconds, _ in found):.1f} s")
    sys.exit(not all(is_right for _, is_right in found))


def on_sqlite(folder: Path, work: list[tuple[str, str]], interval: str) -> list[tuple[float, bool]]:
    """Each step in an installation of its own; they wait side by side."""
    from tests.killed import act, environment, prepare, server

    prepare(environment(folder, f"sqlite:///{folder}/db.sqlite3"))

    def one(number: int) -> tuple[float, bool]:
        name, step = work[number]
        own = folder / str(number)
        own.mkdir()
        subprocess.run(["cp", *(str(path) for path in folder.glob("db.sqlite3*")), str(own)], check=True)
        env = environment(own, f"sqlite:///{own}/db.sqlite3", interval=interval)
        act(name, env, kill_at=step, mark=own / "killed")
        begun = time.monotonic()
        with server(own, env):
            seconds = until_done(env, begun)
        return seconds, is_right(env)

    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(one, range(len(work))))


def on_servers(
    folder: Path, work: list[tuple[str, str]], interval: str, *, elsewhere: bool
) -> list[tuple[float, bool]]:
    """One after the other, each on a database and a queue of its own; the web process or the whole worker is killed.

    With `elsewhere` the killed process gets a name of another machine, whose operating system nobody here can ask.
    """
    import psycopg

    from tests.killed import act, end, environment, prepare, wait_until

    database, redis = os.environ["DATABASE_URL"], os.environ["REDIS_URL"]
    found = []
    for number, (name, step) in enumerate(work):
        own = folder / str(number)
        own.mkdir()
        with psycopg.connect(database, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE killed{number}")
        address = database.replace("/postgres?", f"/killed{number}?")
        env = environment(own, address, redis=f"{redis.rpartition('/')[0]}/{number + 1}", interval=interval)
        prepare(env)
        in_the_web = "not sent" in step
        act(name, env, kill_at=step if in_the_web else "", mark=own / "killed")
        if not in_the_web:
            first = worker(own, env | {"KILL_AT": step, "KILL_MARK": str(own / "killed")})
            wait_until((own / "killed").exists)
            os.killpg(first.pid, 9)
            first.wait()
        if elsewhere:
            with psycopg.connect(address) as connection:
                connection.execute("UPDATE jobs_job SET process = 'elsewhere:boot.1:7:1' WHERE state = 'running'")
        begun = time.monotonic()
        second = worker(own, env)
        try:
            found.append((until_done(env, begun), is_right(env)))
        finally:
            end(second)
    return found


def worker(folder: Path, env: dict[str, str]) -> subprocess.Popen[bytes]:
    name = f"killed-{os.urandom(4).hex()}"
    command = [sys.executable, "-m", "celery", "--app", "reform", "worker", "--hostname", name, "--concurrency", "1"]
    command += ["--without-gossip", "--without-mingle", "--include", "tests.killing"]
    with (folder / f"{name}.log").open("wb") as out:
        return subprocess.Popen(command, env=env, stdout=out, stderr=out, start_new_session=True)


def until_done(env: dict[str, str], begun: float) -> float:
    """Seconds from `begun` until no job is queued or running; a process of its own looks, for the settings are others."""
    code = (
        "import django, time; django.setup()\n"
        "from django.db import connection\n"
        "from jobs.models import Job\n"
        "while Job.objects.exclude(state__in=['done', 'merged']).exists():\n"
        "    time.sleep(0.2); connection.close()\n"
    )
    subprocess.run([sys.executable, "-c", code], env=env, check=True, timeout=300)
    return time.monotonic() - begun


def is_right(env: dict[str, str]) -> bool:
    done = subprocess.run([sys.executable, "manage.py", "audit_summaries"], env=env, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout, done.stderr, file=sys.stderr)
    return done.returncode == 0


if __name__ == "__main__":
    main()
