"""Puts what was typed back into the form of a page's HTML (pure). The page itself need not know of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from html import escape
from html.parser import HTMLParser

Attributes = dict[str, str | None]
#: (name, value) in the order in which a browser sent them.
Fields = Sequence[tuple[str, str]]

BUTTONS = frozenset({"submit", "button", "image", "reset"})
#: Django's count of a formset's forms says what the page holds, not what somebody typed.
COUNTS = ("-TOTAL_FORMS", "-INITIAL_FORMS", "-MIN_NUM_FORMS", "-MAX_NUM_FORMS")


@dataclass
class Control:
    """A field of a form: its tag from `start` to `end` in the text, and where a textarea's text ends."""

    tag: str
    attributes: Attributes
    form: int | None
    start: int
    end: int
    closed: int = 0
    options: list[Control] = field(default_factory=list)
    #: The closed boxes it stands in, the outermost first.
    boxes: tuple[Control, ...] = ()
    #: It stands outside its form and names it.
    is_apart: bool = False

    @property
    def name(self) -> str:
        return self.attributes.get("name") or ""

    @property
    def kind(self) -> str:
        if self.tag != "input":
            return self.tag
        return (self.attributes.get("type") or "text").lower()

    @property
    def is_button(self) -> bool:
        return self.tag == "button" or self.kind in BUTTONS


@dataclass(frozen=True)
class Filled:
    """The text with what was typed in it; `rest` found no field of its own. `at` is where a notice of it belongs: before the
    form, or before the box with the field where that stands elsewhere; None where there is no form."""

    html: str
    rest: list[tuple[str, str]]
    at: int | None


def fill(
    html: str,
    action: str,
    typed: Fields,
    *,
    page_path: str,
    never: frozenset[str] = frozenset(),
    mark: tuple[str, str] | None = None,
) -> Filled:
    """Fills the form of the page that is sent to `action` (a path; of several, the one that holds most of what was sent).

    `page_path` is where the page itself is: a form without an action is sent there. Hidden fields too get what was sent: the version that somebody saw is compared with what is stored when they press the
    button. Fields named in `never` stay as the page has them, as do files and passwords. `mark` becomes a hidden field of the
    form. A closed box (`<details>`) with a filled field is opened.
    """
    page = _Page(html)
    sent_too = dict(typed)
    typed = [(name, value) for name, value in typed if name not in never and not name.endswith(COUNTS)]
    chosen = _form_for(page, action, typed, page_path)
    if chosen is None:
        return Filled(html, _worth_telling(typed, sent_too), None)
    controls = [control for control in page.controls if control.form == chosen and control.name not in never]
    waiting: dict[str, list[str]] = {}
    for name, value in typed:
        waiting.setdefault(name, []).append(value)
    edits: list[tuple[int, int, str]] = []
    opened: dict[int, Control] = {}
    at = None
    for control in controls:
        says = control.kind not in ("hidden", "checkbox", "radio") and any(
            map(str.strip, waiting.get(control.name, []))
        )
        edits += _edits(control, waiting)
        if says and not control.is_button:
            opened |= {box.start: box for box in control.boxes}
            if control.is_apart and at is None:
                at = control.boxes[0].start if control.boxes else None
                if control.tag == "textarea":  # far from the page's beginning: the browser goes there
                    edits.append(
                        (control.start, control.end, _tag("textarea", control.attributes | {"autofocus": None}))
                    )
    edits += [
        (box.start, box.end, _tag("details", box.attributes | {"open": None}))
        for box in opened.values()
        if "open" not in box.attributes
    ]
    met = {control.name for control in controls}
    form = page.forms[chosen]
    if "data-unsaved" in form.attributes:
        edits.append((form.start, form.end, _tag("form", form.attributes | {"data-unsaved": "kept"})))
    if mark is not None:
        hidden: Attributes = {"type": "hidden", "name": mark[0], "value": mark[1]}
        edits.append((form.end, form.end, _tag("input", hidden)))
    rest = [(name, value) for name, value in typed if name not in met]
    at = form.start if at is None else at
    # What was written before the place of the notice has moved it.
    moved = sum(len(new) - (end - start) for start, end, new in edits if end <= at)
    return Filled(_edited(html, edits), _worth_telling(rest, sent_too), at + moved)


def _form_for(page: _Page, action: str, typed: Fields, page_path: str) -> int | None:
    sent = set(typed)
    names = {name for name, _ in typed}

    def likeness(form: int) -> tuple[int, int]:
        own = [control for control in page.controls if control.form == form]
        same = sum(1 for each in own if (each.name, each.attributes.get("value") or "") in sent)
        return len(names & {each.name for each in own}), same

    posted = [
        number
        for number, form in enumerate(page.forms)
        if (form.attributes.get("method") or "").lower() == "post"
        and ((form.attributes.get("action") or "").partition("?")[0] or page_path) == action
    ]
    likely = [number for number in posted if likeness(number)[0]]
    return max(likely, key=likeness, default=None)


def _edits(control: Control, waiting: dict[str, list[str]]) -> Iterable[tuple[int, int, str]]:
    values = waiting.get(control.name, [])
    if control.is_button or control.kind in ("file", "password") or "disabled" in control.attributes:
        return
    if control.kind in ("checkbox", "radio"):
        is_on = (control.attributes.get("value") or "on") in values
        yield control.start, control.end, _tag("input", _switched(control.attributes, "checked", is_on))
    elif control.tag == "select" and control.name in waiting:
        for option in control.options:
            is_on = (option.attributes.get("value") or "") in values
            yield option.start, option.end, _tag("option", _switched(option.attributes, "selected", is_on))
    elif values:
        value = values.pop(0) if len(values) > 1 else values[0]
        if control.tag == "textarea":
            yield control.end, control.closed, "\n" + escape(value)  # a browser drops the first line break
        else:
            yield control.start, control.end, _tag("input", control.attributes | {"value": value})


def _switched(attributes: Attributes, name: str, is_on: bool) -> Attributes:
    rest = {key: value for key, value in attributes.items() if key != name}
    return rest | {name: None} if is_on else rest


def _tag(tag: str, attributes: Attributes) -> str:
    parts = [key if value is None else f'{key}="{escape(value)}"' for key, value in attributes.items()]
    return f"<{' '.join([tag, *parts])}>"


def _edited(text: str, edits: list[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return text


def _worth_telling(typed: Fields, sent: dict[str, str]) -> list[tuple[str, str]]:
    """Without what a page had put there itself: `initial-…` says what stood in a field before."""
    return [
        (name, value)
        for name, value in typed
        if value.strip() and not name.startswith("initial-") and value != sent.get(f"initial-{name}")
    ]


class _Page(HTMLParser):
    """The forms and fields of a page, with their places in the text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.forms: list[Control] = []
        self.controls: list[Control] = []
        self._open: list[int] = []
        self._boxes: list[Control] = []
        self._ids: dict[str, int] = {}
        self._lines = [0]
        for line in html.split("\n"):
            self._lines.append(self._lines[-1] + len(line) + 1)
        self.feed(html)
        self.close()
        for control in self.controls:  # a field may stand elsewhere and name its form
            if owner := control.attributes.get("form"):
                control.is_apart = True
                control.form = self._ids.get(owner)

    def _place(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        start, attributes = self._place(), dict(attrs)
        inside = self._open[-1] if self._open else None
        found = Control(tag, attributes, inside, start, start + len(self.get_starttag_text() or ""))
        if tag == "form":
            self._ids[attributes.get("id") or ""] = len(self.forms)
            self._open.append(len(self.forms))
            self.forms.append(found)
        elif tag == "details":
            self._boxes.append(found)
        elif tag in ("input", "select", "textarea", "button"):
            found.boxes = tuple(self._boxes)
            self.controls.append(found)
        elif tag == "option" and self.controls and self.controls[-1].tag == "select":
            self.controls[-1].options.append(found)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._open:
            self._open.pop()
        elif tag == "details" and self._boxes:
            self._boxes.pop()
        elif tag == "textarea" and self.controls and self.controls[-1].tag == "textarea":
            self.controls[-1].closed = self._place()
