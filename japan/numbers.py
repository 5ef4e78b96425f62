"""Numbers as city halls type and print them: read (japan.reading_numbers) and written (japan.writing_numbers)."""

from japan.digits import NumberError, check_digits, fit, round_half_up
from japan.reading_numbers import Understood, parse_number
from japan.writing_numbers import (
    write_change,
    write_number,
    write_points,
    write_quantity,
    write_ratio,
)

__all__ = [
    "NumberError",
    "Understood",
    "check_digits",
    "fit",
    "parse_number",
    "round_half_up",
    "write_change",
    "write_number",
    "write_points",
    "write_quantity",
    "write_ratio",
]
