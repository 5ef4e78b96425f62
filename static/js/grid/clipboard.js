// The text a spreadsheet puts on the clipboard: rows by line ends, cells by tabs, cells with either of them in quotes.
export function cellsOfText(text) {
  const rows = [[]];
  let cell = "";
  let quoted = false;
  const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < body.length; at += 1) {
    const letter = body[at];
    if (quoted) {
      if (letter !== '"') cell += letter;
      else if (body[at + 1] === '"') (cell += '"'), (at += 1);
      else quoted = false;
    } else if (letter === '"' && cell === "") quoted = true;
    else if (letter === "\t" || letter === "\n") {
      rows.at(-1).push(cell);
      cell = "";
      if (letter === "\n") rows.push([]);
    } else cell += letter;
  }
  rows.at(-1).push(cell);
  return rows.map((row) => row.map((each) => each.replace(/\s+/g, " ").trim()));
}

export function isBlock(text) {
  return /[\t\n\r]/.test(text.replace(/\r?\n$/, ""));
}
