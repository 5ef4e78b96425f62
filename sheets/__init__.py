"""Files as other systems and departments produce them, read safely: books of sheets, the tables in them, their layout.

Pure: no models, no settings, nothing evaluated; any file but a short CSV is read by a process of its own (sheets.apart).
What cannot be read is refused in a sentence that says what to do.
"""

from sheets.books import SAVE_COMPUTED, UNCOMPUTED, Book, Cell, FileRefused, Merged, ReaderBusy, Sheet
from sheets.cells import fold, place, plain
from sheets.going_on import goes_on
from sheets.headed_tables import read_headed_table
from sheets.layout import Arrangement, Layout
from sheets.layouts import arrange, guess_layout
from sheets.named_years import find_year, named_years
from sheets.number_formats import hides_day, shows_days
from sheets.opening import open_book, open_tables
from sheets.rows import is_day, says_value
from sheets.shown_numbers import Shown, shown_by
from sheets.tables import Column, Row, Table, find_table, find_tables, timeless
from sheets.tables_of_files import Outside, Tables, headed_table
from sheets.thousands import joined_where_doubtful, put_together, torn_said
from sheets.years import ERAS

__all__ = [
    "ERAS",
    "SAVE_COMPUTED",
    "UNCOMPUTED",
    "Arrangement",
    "Book",
    "Cell",
    "Column",
    "FileRefused",
    "Layout",
    "Merged",
    "Outside",
    "ReaderBusy",
    "Row",
    "Sheet",
    "Shown",
    "Table",
    "Tables",
    "arrange",
    "find_table",
    "find_tables",
    "find_year",
    "fold",
    "goes_on",
    "guess_layout",
    "headed_table",
    "hides_day",
    "is_day",
    "joined_where_doubtful",
    "named_years",
    "open_book",
    "open_tables",
    "place",
    "plain",
    "put_together",
    "read_headed_table",
    "says_value",
    "shown_by",
    "shows_days",
    "timeless",
    "torn_said",
]
