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
#: Lines of a CSV file, the empty ones too (Excel stops there), and delimiters of one row, those within quotes too.
MAX_LINES = 1_048_576
MAX_DELIMITERS = 100_000
MAX_COLUMNS = 1000
MAX_CELLS = 1_000_000
#: Letters in one cell; Excel itself stops at 32,767.
MAX_LETTERS = 32_767
#: Letters of all cells of a book: a text that stands in a hundred cells counts a hundred times.
MAX_TEXT = 30 * MEGABYTE
#: XML within a package: nesting and attributes of one element, bytes of one tag, tags of all parts of a book. A book of
#: MAX_CELLS has about five tags a cell; what office programs write is 20 deep, with 40 attributes.
MAX_DEPTH = 100
MAX_ATTRIBUTES = 500
MAX_TAG = 128 * 1024
MAX_TAGS = 8_000_000
#: Formats of cells (Excel stops at 65,490), merged ranges and sets of columns.
MAX_STYLES = 70_000
MAX_MERGED = 100_000
MAX_COLUMN_SETS = 20_000
#: The process that reads a file: bytes of memory it may ask for, seconds of processor and of the clock, bytes of what
#: it answers; and seconds that a file waits for the one before it. A book of MAX_CELLS
#: takes a fifth of the time. Waiting and reading stay below the two minutes that the proxy waits for an answer.
CHILD_MEMORY = 768 * MEGABYTE
CHILD_CPU = 40
CHILD_WALL = 80
MAX_ANSWER = 400 * MEGABYTE
MAX_WAIT = 30
