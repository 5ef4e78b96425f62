"""Files of values as systems and departments have them, taken over without retyping.

    receive       keeps the file, or says in a sentence why it cannot be read
    reading_of    the way of reading it: remembered for this shape, else proposed
    look_through  reads the values by it and keeps a line of each, compared with what is stored
    read_as       reads it anew with the answer to a question about it
    apply_file    takes all of it over, or nothing: as entries on the route, or recorded by 取りまとめ課

Every step may be taken again. Nothing but `apply_file` changes a value.
"""

from kpis.imports.applying import Changed, apply_file, cancel, is_sealed_by, seal_of, take_the_other_way
from kpis.imports.being_read import Unreadable
from kpis.imports.looking import look_through
from kpis.imports.mapping import DAY_ORDERS, REPEATS, SCALES, DoesNotFit, Mapping
from kpis.imports.receiving import may_go_on, may_import, may_see, receive
from kpis.imports.remembering import decide, read_as, reading_of, remember
from kpis.imports.versions import Conflict

__all__ = [
    "DAY_ORDERS",
    "REPEATS",
    "SCALES",
    "Changed",
    "Conflict",
    "DoesNotFit",
    "Mapping",
    "Unreadable",
    "apply_file",
    "cancel",
    "decide",
    "is_sealed_by",
    "look_through",
    "may_go_on",
    "may_import",
    "may_see",
    "read_as",
    "reading_of",
    "receive",
    "remember",
    "seal_of",
    "take_the_other_way",
]
