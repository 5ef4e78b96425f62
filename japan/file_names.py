"""Names of files and places where files lie: not for readers, who are told an office or a publication instead."""

from __future__ import annotations

import re
import unicodedata

_ADDRESS = re.compile(r"https?://[^\s、。）」]+")
_ENDING = re.compile(
    r"\.(?:xls[xmb]?|csv|tsv|od[st]|doc[xm]?|ppt[xm]?|pdf|txt|rtf|zip|jtdc?|xdw|mdb|accdb|jpe?g|png|tiff?)(?![a-z0-9])",
    re.IGNORECASE,
)
#: \\server\…, C:\…, ¥¥server, file://… A ¥ is how Japanese fonts draw the backslash.
_PLACE = re.compile(r"\\|¥¥|[a-z]:[/¥]|file:", re.IGNORECASE)


def names_a_file(text: str) -> bool:
    """窓口集計_R7最終版.xlsx and \\\\server\\… do; a publication's address on the web does not."""
    folded = _ADDRESS.sub("", unicodedata.normalize("NFKC", text))
    return bool(_ENDING.search(folded) or _PLACE.search(folded))
