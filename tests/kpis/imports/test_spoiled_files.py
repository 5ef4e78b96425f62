"""Files spoiled at random, as far as they go: a sentence, or all of it. `python -m benchmarks.fuzz_imports` takes 2,000."""

from __future__ import annotations

from benchmarks.fuzz_imports import make_world, run


def test_sixty_spoiled_files_leave_nothing_half_done(db):
    make_world()
    ended, problems = run(60, seed=200_000)
    assert problems == []
    assert sum(ended.values()) == 60
    assert {word for _, word in ended} >= {"refused", "previewed"}
