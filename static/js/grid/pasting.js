// A block from a spreadsheet fills the cells down and right of the one with the focus and is saved in one request.
import { cellsOfText, isBlock } from "./clipboard.js";
import { keyOf } from "./lines.js";
import { cellsOf, fieldAt, isCell, placeOf } from "./places.js";

const WORDS = { attention: "要確認", conflict: "ほかの人が更新", closed: "確定済み", lost: "保存できず" };

function report(outcomes, locked, outside) {
  const count = (wanted) => [...outcomes.values()].filter((outcome) => wanted.includes(outcome)).length;
  const saved = count(["saved", "same"]);
  const parts = [`${outcomes.size}件を貼り付け、${saved}件を保存しました。`];
  for (const [outcome, word] of Object.entries(WORDS)) if (count([outcome])) parts.push(`${word} ${count([outcome])}件。`);
  if (locked) parts.push(`入力できない欄が${locked}件あり、その値は入れていません。`);
  if (outside) parts.push(`表からはみ出した値が${outside}件あり、入れていません。`);
  return parts.join("");
}

function askColumn(form, field, rows, take) {
  document.getElementById("grid-which")?.remove();
  const box = document.createElement("div");
  box.id = "grid-which";
  box.className = "confirm-box";
  box.setAttribute("role", "group");
  box.setAttribute("aria-label", "貼り付ける列");
  const question = document.createElement("p");
  question.className = "confirm-box__question";
  question.textContent = "値はどの列ですか。1つ選んでください。";
  const choices = document.createElement("div");
  choices.className = "buttons";
  const close = () => {
    box.remove();
    field.focus();
  };
  const width = Math.max(...rows.map((row) => row.length));
  for (let column = 0; column < width; column += 1) {
    const first = rows.map((row) => row[column] ?? "").filter(Boolean).slice(0, 3);
    if (first.length) choices.append(choice(`${column + 1}列目（${first.join("、")}…）`, () => (close(), take(column))));
  }
  choices.append(choice("貼り付けない", close));
  box.append(question, choices);
  form.querySelector("[data-grid-table]").before(box);
  choices.querySelector("button").focus();
}

function choice(label, press) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button button--secondary button--small";
  button.textContent = label;
  button.addEventListener("click", press);
  return button;
}

export function takePastedBlocks(form, saving) {
  async function put(field, block) {
    const { rows, row, column } = placeOf(form, field);
    const fields = [];
    let [locked, outside] = [0, 0];
    block.forEach((cells, down) => cells.forEach((text, right) => {
      if (!text) return; // an empty cell leaves what stands there
      const target = fieldAt(rows, row + down, column + right);
      if (target) {
        target.value = text;
        fields.push(target);
      } else if (rows[row + down] && cellsOf(rows[row + down])[column + right]) locked += 1;
      else outside += 1;
    }));
    const keys = [...new Set(fields.map(keyOf))];
    saving.say(`${keys.length}件を保存しています。`);
    saving.say(report(await saving.save(keys), locked, outside));
  }

  form.addEventListener("paste", (event) => {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const field = event.target;
    if (!isCell(field) || !isBlock(text)) return;
    event.preventDefault();
    const block = cellsOfText(text);
    const filled = new Set(block.flatMap((row) => row.flatMap((cell, column) => (cell ? [column] : []))));
    const { rows, row } = placeOf(form, field);
    if (cellsOf(rows[row]).length > 1 || filled.size < 2) put(field, narrowed(block, filled, cellsOf(rows[row]).length));
    else askColumn(form, field, block, (column) => put(field, block.map((cells) => [cells[column] ?? ""])));
  });
}

// One column of values between empty ones is that column, where the grid has but one.
function narrowed(block, filled, width) {
  if (width > 1 || filled.size !== 1) return block;
  const [only] = filled;
  return block.map((cells) => [cells[only] ?? ""]);
}
