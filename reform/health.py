"""What is not as it should be, while pages are still served: told to /healthz in codes and to the office in sentences."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryFile

from django.conf import settings
from django.db import connection
from django.utils import timezone

from jobs import broker, sweeping
from jobs.models import Sweep
from jobs.registry import Finding, watches

#: Seconds for which the answer of a probe that costs something is taken as the same.
PROBED_FOR = 15.0
#: At most so many intervals lie between two sweeps, or nobody sweeps any more.
LATE = 5
MEGABYTE = 1024 * 1024

_probed: dict[str, tuple[float, bool]] = {}


def reasons() -> list[str]:
    """The codes of what is wrong, each once; none holds data. Raises the database's error when it does not answer."""
    found = [*_of_the_sweep(), *_of_this_process()]
    return list(dict.fromkeys(found))


def folders() -> list[Path]:
    """Where this installation writes: each that exists, or the nearest folder above it that does."""
    places = [Path(settings.MEDIA_ROOT)]
    if connection.vendor == "sqlite" and not connection.is_in_memory_db():  # type: ignore[attr-defined]  # SQLite's
        places.append(Path(str(connection.settings_dict["NAME"])).parent)
    return [next(each for each in (place, *place.parents) if each.exists()) for place in places]


def is_disk_low() -> bool:
    """Less is free than DISK_FREE_MIN_MB in a folder that is written to."""
    return any(shutil.disk_usage(folder).free < settings.DISK_FREE_MIN_MB * MEGABYTE for folder in folders())


def is_disk_writable() -> bool:
    """A file can be written in each folder, and is gone again."""
    try:
        for folder in folders():
            with TemporaryFile(dir=folder) as file:
                file.write(b"0" * 4096)
                file.flush()
    except OSError:
        return False
    return True


@watches
def disk() -> Iterable[Finding]:
    """Before the disk is full, somebody should know."""
    if is_disk_low():
        yield Finding(
            "disk-low",
            f"サーバーの空き容量が{settings.DISK_FREE_MIN_MB}MBを下回りました。"
            "なくなると入力を保存できなくなります。システムの管理者に連絡してください。",
        )


def _of_the_sweep() -> Iterator[str]:
    row = Sweep.objects.filter(pk=1).first()
    if row is None:
        return
    yield from (finding["code"] for finding in row.findings)
    late = timedelta(seconds=LATE * settings.JOBS_SWEEP_SECONDS + 60)
    if settings.JOBS_SWEEP_SECONDS and row.swept_at and row.swept_at < timezone.now() - late:
        yield "not-swept"


def _of_this_process() -> Iterator[str]:
    sweeper = sweeping.here()
    if sweeper is not None and sweeper.trouble is not None:
        yield f"sweep-met-{sweeper.trouble.value}"
    if sweeper is not None and sweeper.is_late:
        yield "not-swept"
    if is_disk_low():
        yield "disk-low"
    if not _once("disk", is_disk_writable):
        yield "disk-not-writable"
    if settings.REDIS_URL and not _once("redis", broker.answers):
        yield "redis-does-not-answer"


def _once(name: str, probe: Callable[[], bool]) -> bool:
    """A probe's answer, asked for anew after PROBED_FOR."""
    asked, answer = _probed.get(name, (0.0, True))
    if name not in _probed or time.monotonic() - asked > PROBED_FOR:
        answer = probe()
        _probed[name] = (time.monotonic(), answer)
    return answer
