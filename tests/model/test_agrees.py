"""The pages say what the model of the rules says, in random worlds."""

from __future__ import annotations

import os

import pytest
import time_machine

from tests.model.acts import Cast
from tests.model.compared import compare_world
from tests.model.conftest import COMPARED
from tests.model.worlds import day_of, make_world, moment

#: One of each day in every run; benchmarks/model_worlds.py asks for hundreds.
FIRST, WORLDS = int(os.environ.get("MODEL_FIRST", "0")), int(os.environ.get("MODEL_WORLDS", "6"))


@pytest.fixture
def cast(department, editor, approver, reform_office) -> Cast:
    return Cast(department, editor, approver, reform_office)


@pytest.mark.parametrize("seed", range(FIRST, FIRST + WORLDS))
def test_pages_and_files_say_what_the_rules_say(seed, cast, viewer, signed_in, record_property):
    today = day_of(seed)
    with time_machine.travel(moment(today), tick=False):
        make_world(seed, cast, today)
        tally = compare_world(signed_in(viewer), today)
    record_property(COMPARED, tally.compared)
    assert not tally.differences, f"world {seed}\n" + "\n".join(tally.differences)
