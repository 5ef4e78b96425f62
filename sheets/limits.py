"""How much of a file is taken. A file beyond a limit is refused; none is read in part without saying so."""

MEGABYTE = 1024 * 1024

#: Bytes of the file itself: measured before anything in it is read.
MAX_BYTES = 20 * MEGABYTE
#: An old .xls is taken apart in memory, many times its size.
MAX_XLS_BYTES = 10 * MEGABYTE
#: Bytes of all parts of an XLSX or ODS, as declared and as they really unpack.
MAX_UNPACKED = 50 * MEGABYTE
MAX_MEMBERS = 1000
MAX_SHEETS = 50
#: Rows and columns of one sheet, cells with something in them of a whole book.
MAX_ROWS = 100_000
MAX_COLUMNS = 1000
MAX_CELLS = 1_000_000
#: Letters in one cell; Excel itself stops at 32,767.
MAX_LETTERS = 32_767
#: Letters of all distinct texts of a book.
MAX_TEXT = 30 * MEGABYTE
