"""What killed processes left in the folder for uploads is removed; what is being read stays."""

from __future__ import annotations

import os
import time

from django.conf import settings
from django.test import RequestFactory

from accounts.door.uploads import LEFT_AFTER, DiscardingHandler, sweep_uploads


def test_only_what_no_request_can_still_be_reading_is_removed(tmp_path):
    old, young, folder = tmp_path / "old.upload", tmp_path / "young.upload", tmp_path / "folder"
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    folder.mkdir()
    os.utime(old, (time.time() - LEFT_AFTER - 5,) * 2)
    os.utime(folder, (time.time() - LEFT_AFTER - 5,) * 2)
    assert sweep_uploads(tmp_path) == 1
    assert sorted(place.name for place in tmp_path.iterdir()) == ["folder", "young.upload"]


def test_a_folder_that_is_not_there_is_no_reason_to_fail(tmp_path):
    assert sweep_uploads(tmp_path / "none") == 0


def test_the_folder_is_the_applications_own():
    assert settings.MEDIA_ROOT.name == "media"
    assert settings.FILE_UPLOAD_TEMP_DIR.name == "uploads"


def test_a_discarded_file_is_named_and_the_text_beside_it_is_read(tmp_path):
    paper = tmp_path / "根拠.pdf"
    paper.write_bytes(b"x" * 3_000_000)
    with paper.open("rb") as file:
        request = RequestFactory().post("/", {"note": "増えた理由", "file": file})
    request.upload_handlers = [DiscardingHandler(request)]
    assert request.POST["note"] == "増えた理由"
    assert not request.FILES
    assert request.discarded_files == ["根拠.pdf"]
