"""Files of answers are held against the checksums they had, by the audit and before each download."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import FileField
from django.urls import reverse

from inquiries.models import Recipient
from kpis.summaries.audit import audit_files
from kpis.summaries.audit.files import _sources
from tests.inquiries.test_pages import press


@pytest.fixture
def answered(asked, editor, signed_in) -> Recipient:
    press(signed_in(editor), asked, "submit", answer="", file=SimpleUploadedFile("表.pdf", b"%PDF-1"))
    asked.refresh_from_db()
    return asked


def addresses(answer: Recipient) -> list[str]:
    event = answer.events.get(action="submitted")
    return [reverse("inquiries:file", args=[answer.pk]), reverse("inquiries:event_file", args=[event.pk])]


def test_every_model_with_a_file_has_its_files_in_the_audit() -> None:
    with_files = {
        model._meta.app_label
        for model in apps.get_models()
        if any(isinstance(field, FileField) for field in model._meta.local_concrete_fields)
    }
    assert with_files == {source.__module__.split(".")[0] for source in _sources}


def test_an_untouched_file_is_given_back_and_the_audit_has_nothing_to_say(answered, editor, signed_in) -> None:
    for address in addresses(answered):
        assert b"".join(signed_in(editor).get(address).streaming_content) == b"%PDF-1"
    assert list(audit_files()) == []


def test_an_altered_file_is_named_and_not_given_back(answered, editor, signed_in) -> None:
    with open(default_storage.path(answered.file.name), "wb") as file:
        file.write(b"%PDF-2")
    for address in addresses(answered):
        response = signed_in(editor).get(address)
        assert response.status_code == 500
        assert "照合値が一致しません" in response.content.decode()
    [problem] = audit_files()
    assert "照会の回答" in problem
    assert "保存したときのものと異なります" in problem


def test_a_missing_file_is_named_and_not_a_blank_page(answered, editor, signed_in) -> None:
    default_storage.delete(answered.file.name)
    for address in addresses(answered):
        assert "サーバーに見つかりません" in signed_in(editor).get(address).content.decode()
    assert len(list(audit_files())) == 1


def test_what_was_handed_in_first_is_looked_at_too(answered, editor, signed_in) -> None:
    first = answered.file.name
    press(signed_in(editor), answered, "withdraw")
    answered.refresh_from_db()
    press(signed_in(editor), answered, "save", answer="", file=SimpleUploadedFile("表.pdf", b"%PDF-2"))
    default_storage.delete(first)
    [problem] = audit_files()
    assert problem.startswith("照会の回答の経過")
