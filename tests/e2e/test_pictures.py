"""The pictures of README and docs: what they show, and that the pages still say what the docs say.

    UPDATE_PICTURES=1 python -m tests.servers pytest tests/e2e/test_pictures.py

draws docs/images/*.png anew. Words in **bold** in docs/ja are words of the pages that the same document pictures.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import settings
from django.core.management import call_command
from PIL import Image
from playwright.sync_api import BrowserContext, Page

from accounts.models import User
from kpis.models import Entry
from reports.models import Section
from surveys.models import Survey

DOCS = settings.BASE_DIR / "docs"
IMAGES = DOCS / "images"
UPDATE = os.environ.get("UPDATE_PICTURES") == "1"
#: The day on which every picture is taken: April 2026 is the newest month to report.
TODAY = datetime(2026, 5, 18, 10, 0, tzinfo=ZoneInfo("Asia/Tokyo"))
EDITOR, CHIEF, OFFICE, VIEWER = "100001", "100002", "100003", "100004"


@dataclass(frozen=True)
class Picture:
    """A page as one person sees it, as far down as `height` pixels."""

    name: str
    person: str
    address: str
    height: int = 900


PICTURES = [
    Picture("overview", VIEWER, "/overview/", 1000),
    Picture("kpi", VIEWER, "/kpis/line-friends/", 1000),
    Picture("timeline", VIEWER, "/timeline/", 900),
    Picture("survey", VIEWER, "/surveys/{survey}/", 900),
    Picture("home-editor", EDITOR, "/", 800),
    Picture("month", EDITOR, "/entries/{department}/2026-04/", 1000),
    Picture("imports", EDITOR, "/imports/", 900),
    Picture("record", EDITOR, "/initiatives/online-procedures/progress/2025-4/", 1100),
    Picture("queue", CHIEF, "/approvals/", 1150),
    Picture("decide", CHIEF, "/approvals/{submitted}/", 900),
    Picture("home-office", OFFICE, "/", 900),
    Picture("progress", OFFICE, "/entries/", 900),
    Picture("inquiries", OFFICE, "/inquiries/", 700),
    Picture("closing", OFFICE, "/closing/", 800),
    Picture("report", OFFICE, "/reports/5/", 900),
    Picture("page-edit", OFFICE, "/reports/5/pages/{section}/", 900),
    Picture("back-office", OFFICE, "/admin/", 900),
    Picture("edition", OFFICE, "/reports/5/draft/", 1100),
]


@pytest.fixture
def sample(transactional_db) -> Iterator[dict[str, object]]:
    """vol.5 and the sample, on a day that stands still; gives what addresses need to name."""
    with time_machine.travel(TODAY, tick=True):
        call_command("load_vol5", verbosity=0)
        call_command("load_demo", verbosity=0)
        call_command("make_inquiries", verbosity=0)
        editor = User.objects.get(employee_number=EDITOR)
        department = editor.assignments.get().department
        assert department is not None
        submitted = Entry.objects.filter(department=department, state=Entry.State.SUBMITTED).earliest("pk")
        section = Section.objects.filter(report__volume=5).exclude(body="").earliest("order")
        yield {
            "department": department.code,
            "submitted": submitted.pk,
            "section": section.pk,
            "survey": Survey.objects.earliest("pk").code,
        }


@pytest.mark.timeout(400)  # the whole of vol.5 and the sample are loaded, and eighteen pages are opened
def test_the_pages_still_say_what_the_docs_say_and_look_as_pictured(
    sample: dict[str, object], new_context: Callable[..., BrowserContext], sign_in, base_url
) -> None:
    seen: dict[str, str] = {}
    for person in dict.fromkeys(picture.person for picture in PICTURES):
        page = new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce").new_page()
        page.set_default_navigation_timeout(120_000)
        sign_in(page, User.objects.get(employee_number=person))
        for picture in (picture for picture in PICTURES if picture.person == person):
            answer = page.goto(base_url + picture.address.format(**sample))
            assert answer is not None
            assert answer.status == 200, picture
            seen[picture.name] = words_on(page)
            if UPDATE:
                draw(page, picture)
        page.context.close()
    missing = [(doc.name, word) for doc, word, pages in promises() if not any(word in seen[name] for name in pages)]
    assert missing == []


def test_every_picture_that_the_docs_show_is_drawn_here_and_none_is_left_over() -> None:
    shown = {name for doc in documents() for name in pictures_of(doc)}
    assert shown == {picture.name for picture in PICTURES}
    assert {path.stem for path in IMAGES.glob("*.png")} == shown


def test_pictures_are_as_wide_as_promised_and_light() -> None:
    for path in IMAGES.glob("*.png"):
        with Image.open(path) as image:
            assert image.width == 1280, path.name
    assert sum(path.stat().st_size for path in IMAGES.glob("*.png")) < 1_500_000


def documents() -> list[Path]:
    return [*settings.BASE_DIR.glob("README*.md"), *DOCS.rglob("*.md")]


def pictures_of(doc: Path) -> list[str]:
    return re.findall(r"\]\([^)]*images/([a-z0-9-]+)\.png\)", doc.read_text(encoding="utf-8"))


def promises() -> Iterator[tuple[Path, str, list[str]]]:
    """Each word in bold of the documents for staff, with the pictures beside it."""
    for doc in (DOCS / "ja").glob("*.md"):
        for word in re.findall(r"\*\*(.+?)\*\*", doc.read_text(encoding="utf-8")):
            yield doc, re.sub(r"\s", "", word), pictures_of(doc)


def words_on(page: Page) -> str:
    """What the page says, closed parts and buttons' names included, without white space."""
    return re.sub(r"\s", "", str(page.evaluate("document.body.textContent")))


def draw(page: Page, picture: Picture) -> None:
    """Writes the picture in few colours, cut below the last thing on the page."""
    page.set_viewport_size({"width": 1280, "height": picture.height})
    page.wait_for_load_state("networkidle")
    bottom = page.evaluate("Math.ceil(document.body.getBoundingClientRect().bottom + window.scrollY)")
    height = min(picture.height, int(bottom))
    data = page.screenshot(clip={"x": 0, "y": 0, "width": 1280, "height": height})
    IMAGES.mkdir(exist_ok=True)
    with Image.open(BytesIO(data)) as image:
        few = image.convert("RGB").quantize(64, dither=Image.Dither.NONE)
        few.save(IMAGES / f"{picture.name}.png", optimize=True)
