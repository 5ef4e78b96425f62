"""Why there is no value. A blank is none of these: it was not answered."""

from enum import StrEnum


class MissingReason(StrEnum):
    """A reason, its Japanese label and the symbol Japanese statistics print for it."""

    NOT_APPLICABLE = "not_applicable"
    PENDING = "pending"
    WITHHELD = "withheld"
    BEFORE_START = "before_start"

    @property
    def label(self) -> str:
        return _LABELS[self]

    @property
    def symbol(self) -> str:
        return _SYMBOLS[self]


_LABELS = {
    MissingReason.NOT_APPLICABLE: "該当なし",
    MissingReason.PENDING: "集計中",
    MissingReason.WITHHELD: "非公開",
    MissingReason.BEFORE_START: "導入前",
}
_SYMBOLS = {
    MissingReason.NOT_APPLICABLE: "－",
    MissingReason.PENDING: "…",
    MissingReason.WITHHELD: "x",
    MissingReason.BEFORE_START: "導入前",
}
