// Where a cell stands: rows are [data-grid-row], their cells [data-grid-cell], a cell that can be typed in has [data-cell].
export function isCell(element) {
  return element instanceof HTMLInputElement && element.matches("[data-cell]");
}

export function rowsOf(form) {
  return [...form.querySelectorAll("[data-grid-row]")];
}

export function cellsOf(row) {
  return row.matches("[data-grid-cell]") ? [row] : [...row.querySelectorAll("[data-grid-cell]")];
}

export function placeOf(form, field) {
  const rows = rowsOf(form);
  const row = rows.findIndex((each) => each.contains(field));
  return { rows, row, column: cellsOf(rows[row]).findIndex((cell) => cell.contains(field)) };
}

export function fieldAt(rows, row, column) {
  return rows[row] ? (cellsOf(rows[row])[column]?.querySelector("[data-cell]") ?? null) : null;
}

// The next field in a direction, over cells that cannot be typed in; null at the edge.
export function neighbour(form, field, down, right) {
  const { rows, row, column } = placeOf(form, field);
  const width = Math.max(...rows.map((each) => cellsOf(each).length));
  for (let r = row + down, c = column + right; r >= 0 && r < rows.length && c >= 0 && c < width; r += down, c += right) {
    const found = fieldAt(rows, r, c);
    if (found) return found;
  }
  return null;
}
