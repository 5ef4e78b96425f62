"""Files spoiled at random, as far as they go: a sentence, or all of it. `python -m benchmarks.fuzz_imports` takes 2,000."""

from __future__ import annotations

from benchmarks.fuzz_imports import make_world, run


def test_thirty_spoiled_files_leave_nothing_half_done(db):
    make_world()
    ended, problems = run(30, seed=200_000)
    assert problems == []
    assert sum(ended.values()) == 30
    assert {word for _, word in ended} >= {"refused", "previewed"}
