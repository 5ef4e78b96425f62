"""The rows of a personnel list, read from a file as it comes; nothing here asks the database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from accounts.models import Assignment
from japan.dates import DateError, parse_date
from sheets import Book, Cell, FileRefused, plain
from sheets.shown_sheets import first_shown

Role, Kind = Assignment.Role, Assignment.Kind
COLUMNS = ("職員番号", "氏名", "所属", "職", "役割", "発令日")
OPTIONAL = ("発令の種類",)
MAX_ROWS = 5000
#: What the role column may say beside the labels themselves.
ROLES = {plain(role.label): role.value for role in Role} | {
    plain(word): role.value
    for word, role in {
        "係長": Role.CHECKER,
        "課長": Role.APPROVER,
        "所属長": Role.APPROVER,
        "確認者": Role.APPROVER,
        "担当": Role.EDITOR,
        "担当者": Role.EDITOR,
    }.items()
}
#: A row that says the person has no post any more.
NOBODY = {plain(word) for word in ("", "なし", "終了", "退職")}
KINDS = {plain(kind.label): kind.value for kind in Kind} | {"": Kind.REGULAR.value}
_NUMBER = re.compile(r"[0-9A-Za-z\-]{1,20}")


@dataclass(frozen=True)
class Line:
    """One row: who is in which post from a day on. An empty role: in none."""

    row: int
    number: str
    name: str
    department: str
    title: str
    role: str
    kind: str
    day: date


@dataclass(frozen=True)
class Refusal:
    """What is wrong with a row of the file, and what to do."""

    row: int
    text: str


def read_lines(book: Book) -> tuple[list[Line], list[Refusal], tuple[str, ...]]:
    """The rows of the first sheet that is shown, everything wrong with the others, and what of the file is not read.

    Raises FileRefused where there is no such header or too many rows.
    """
    shown = first_shown(book)
    rows = shown.rows
    start, places = _header(rows)
    filled = [(at + 1, row) for at, row in enumerate(rows) if at > start and any(_text(cell) for cell in row)]
    if len(filled) > MAX_ROWS:
        raise FileRefused(f"行が多すぎます（{MAX_ROWS:,}行まで）。所属ごとなどに分けて取り込んでください。")
    if not filled:
        raise FileRefused("見出しの下に行がありません。職員の行があるファイルを選んでください。")
    lines: list[Line] = []
    refusals: list[Refusal] = []
    for number, row in filled:
        cells = {name: (row[place] if place < len(row) else None) for name, place in places.items()}
        line, problems = _line(number, cells)
        refusals += [Refusal(number, problem) for problem in problems]
        if line is not None:
            lines.append(line)
    return lines, sorted([*refusals, *_contradictions(lines)], key=lambda each: each.row), shown.left_out


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]]:
    for at, row in enumerate(rows[:50]):
        places = {plain(_text(cell)): place for place, cell in enumerate(row)}
        if plain("職員番号") in places:
            missing = [name for name in COLUMNS if plain(name) not in places]
            if missing:
                raise FileRefused(
                    f"見出しに「{'」「'.join(missing)}」の列がありません。列を加えて保存し直してください。"
                )
            return at, {name: places[plain(name)] for name in (*COLUMNS, *OPTIONAL) if plain(name) in places}
    raise FileRefused(f"「{'」「'.join(COLUMNS)}」の見出しが見つかりません。1行目に見出しのある表を選んでください。")


def _text(cell: Cell) -> str:
    if isinstance(cell, Decimal):
        return f"{cell.normalize():f}"
    return "" if cell is None else str(cell).strip()


def _line(row: int, cells: dict[str, Cell]) -> tuple[Line | None, list[str]]:
    """The row, or None with every problem of it."""
    said = {name: _text(cell) for name, cell in cells.items()}
    problems = []
    if not _NUMBER.fullmatch(said["職員番号"]):
        problems.append("職員番号は、20字以内の半角の英数字で入力してください。")
    if not said["氏名"] or len(said["氏名"]) > 60:
        problems.append("氏名を60字以内で入力してください。")
    if len(said["職"]) > 40:
        problems.append("職は40字以内で入力してください。")
    word, kind = plain(said["役割"]), KINDS.get(plain(said.get("発令の種類", "")))
    if word not in ROLES and word not in NOBODY:
        problems.append(f"役割「{said['役割']}」は、{'、'.join(role.label for role in Role)}のどれかにしてください。")
    if kind is None:
        problems.append("発令の種類は、本務、兼務、事務取扱のどれかにしてください。")
    problems += _place(ROLES.get(word, ""), said["所属"])
    day, problem = _day(cells["発令日"])
    problems += problem
    if problems or day is None or kind is None:
        return None, problems
    role = ROLES.get(word, "")
    return Line(row, said["職員番号"], said["氏名"], said["所属"], said["職"], role, kind, day), []


def _place(role: str, department: str) -> list[str]:
    if role in (Role.REFORM_OFFICE, Role.VIEWER):
        return [] if not department else [f"{Role(role).label}の行では、所属を空にしてください。"]
    return ["所属を、所属コードか名称で入力してください。"] if role and not department else []


def _day(cell: Cell) -> tuple[date | None, list[str]]:
    try:
        return parse_date(cell if isinstance(cell, date) else _text(cell)), []
    except DateError as error:
        return None, [f"発令日：{error}"]


def _contradictions(lines: Iterable[Line]) -> list[Refusal]:
    """Rows of one person that cannot all be true, each naming the row it collides with."""
    refusals: list[Refusal] = []
    first: dict[str, Line] = {}
    posts: dict[tuple[str, str, str], Line] = {}
    for line in lines:
        other = first.setdefault(line.number, line)
        if other.name != line.name:
            refusals.append(Refusal(line.row, f"{other.row}行目と職員番号が同じで、氏名が違います。"))
        if other.day != line.day:
            refusals.append(Refusal(line.row, f"{other.row}行目と発令日が違います。1人の発令日はそろえてください。"))
        if other is not line and bool(other.role) != bool(line.role):
            refusals.append(Refusal(line.row, f"{other.row}行目に役割があるため、担当を終える行は置けません。"))
        same = posts.setdefault((line.number, plain(line.department), line.role), line)
        if same is not line:
            refusals.append(Refusal(line.row, f"{same.row}行目と同じ職員、所属、役割です。どちらかを消してください。"))
    return refusals
