"""What only a person can say about a file, asked where its values are shown: with every answer, and what comes of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError

from kpis.imports.mapping import BY_UNIT
from kpis.models import ImportedFile

DECIMALS, AS_OF, FUTURE, FORMAT, REPEATS = "decimals", "as_of", "future", "format", "repeats"
UNIT, MULTIPLE, UNREAD = "unit", "multiple", "unread"
TORN, PAIRS, CONTINUED = "torn", "pairs", "continued"
COARSER = "coarser"


@dataclass(frozen=True)
class Answer:
    """A button: its words, and the field of the mapping it sets."""

    code: str
    words: str
    field: str
    value: Any


@dataclass(frozen=True)
class Question:
    """Asked of the values refused under `code`; the words say how many they are, with the first as an example."""

    code: str
    words: str
    answers: tuple[Answer, ...]


QUESTIONS = {
    question.code: question
    for question in (
        Question(
            DECIMALS,
            "指標の小数点以下の桁より細かい値",
            (Answer("keep", "そのままの桁で取り込む", "keeps_digits", True),),
        ),
        Question(
            AS_OF,
            "月の1日付の値",
            (
                Answer("before", "前の月の値として読む（5月1日は4月分）", "as_of", "before"),
                Answer("month", "その月の値として読む（5月1日は5月分）", "as_of", "month"),
            ),
        ),
        Question(
            FUTURE,
            "まだ終わっていない期間の値",
            (Answer("skip", "終わっていない期間の値は取り込まない", "skips_future", True),),
        ),
        Question(
            FORMAT,
            "セルに入っている数と、表示されている数が違う値",
            (
                Answer("stored", "セルに入っている数を、表の単位で読む", "shown_as", "stored"),
                Answer("shown", "表示されている数を、表の単位で読む", "shown_as", "shown"),
                Answer("unit", "表示されている数を、セルの表示形式の単位で読む", "shown_as", "unit"),
            ),
        ),
        Question(
            UNIT,
            "ファイルに書かれた単位が、指標の単位と合わない値",
            (Answer("as_is", "書かれた単位によらず、数をそのまま指標の単位で取り込む", "ignores_unit", True),),
        ),
        Question(
            MULTIPLE,
            "ファイルにある「千円」などの語が、その数の単位か決まらない値",
            (
                Answer("written", "書かれた単位の数として、換算して取り込む", "scale", BY_UNIT),
                Answer("as_is", "書かれた語によらず、数をそのまま指標の単位で取り込む", "ignores_unit", True),
            ),
        ),
        Question(
            UNREAD,
            "ファイルに書かれた単位を読み取れない値",
            (
                Answer("one", "数をそのまま指標の単位で取り込む", "unread_as", "one"),
                Answer("thousand", "千の単位の数として取り込む（1,000倍）", "unread_as", "thousand"),
                Answer("man", "万の単位の数として取り込む（10,000倍）", "unread_as", "man"),
                Answer("million", "百万の単位の数として取り込む（1,000,000倍）", "unread_as", "million"),
                Answer("oku", "億の単位の数として取り込む（100,000,000倍）", "unread_as", "oku"),
            ),
        ),
        Question(
            TORN,
            "桁区切りの「,」で2つ以上の欄に分かれた数",
            (Answer("join", "分かれた数をつなげて取り込む", "joins_torn", True),),
        ),
        Question(
            PAIRS,
            "2つの数か、桁区切りの「,」で分かれた1つの数か、分からない値",
            (
                Answer("apart", "別々の数として取り込む", "torn_pairs", "apart"),
                Answer("join", "1つの数につなげて取り込む", "torn_pairs", "join"),
            ),
        ),
        Question(
            CONTINUED,
            "続きの表から読んだ値",
            (Answer("stop", "続きの表は取り込まない", "stops_here", True),),
        ),
        Question(
            COARSER,
            "登録済みの値を丸めると同じになる値",
            (Answer("replace", "ファイルの値に置き換える", "takes_rounded", True),),
        ),
        Question(
            REPEATS,
            "同じ月の別の日の値",
            (
                Answer(
                    "by_kind",
                    "残高はその月の最後の日の値を使い、ほかは足し合わせる",
                    "repeats",
                    "by_kind",
                ),
            ),
        ),
    )
}


def asking(code: str, message: str) -> ValidationError:
    """A refusal that a person can lift by an answer."""
    return ValidationError(message, code=code)


def asked_by(error: ValidationError) -> str:
    """The code of the question a refusal asks; "" for one that no answer lifts."""
    codes = [each.code for each in error.error_list]
    return next((code for code in codes if code in QUESTIONS), "")


def answer_of(sent: str) -> Answer | None:
    """The answer a button sent ("decimals-round"); None for what is none."""
    code, _, chosen = sent.partition("-")
    question = QUESTIONS.get(code)
    return next((each for each in question.answers if each.code == chosen), None) if question else None


@dataclass(frozen=True)
class Asked:
    """A question that values of a file wait for: how many, and what the first of them says."""

    question: Question
    count: int
    example: str


def asked_of(file: ImportedFile) -> list[Asked]:
    """The questions of a file that was looked through."""
    waiting = file.understood.get("questions", {})
    return [Asked(question, **waiting[code]) for code, question in QUESTIONS.items() if code in waiting]
