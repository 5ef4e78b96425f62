// Keys in a cell: Enter and the arrows move as in a spreadsheet, Escape puts back what is saved, Ctrl+Z takes the last
// change back. Nothing of this happens while a Japanese text is being converted.
import { isConversion } from "./conversion.js";
import { fill, isUndecided, keyOf, stored } from "./lines.js";
import { isCell, neighbour } from "./places.js";

const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

function isAtEnd(field, right) {
  const { selectionStart, selectionEnd, value } = field;
  if (value && selectionStart === 0 && selectionEnd === value.length) return true; // all chosen: as just arrived
  return selectionStart === selectionEnd && selectionEnd === (right > 0 ? value.length : 0);
}

function go(field) {
  field.focus();
  field.select();
}

export function moveWithKeys(form, saving, undoing) {
  function enter(event, field) {
    event.preventDefault(); // Enter never sends the form
    const next = neighbour(form, field, event.shiftKey ? -1 : 1, 0);
    if (next) go(next);
    else saving.saveIfTouched(keyOf(field));
  }

  function arrow(event, field) {
    const [down, right] = ARROWS[event.key];
    if (right && !isAtEnd(field, right)) return;
    const next = neighbour(form, field, down, right);
    if (down || next) event.preventDefault();
    if (next) go(next);
  }

  function putBack(event, field) {
    const key = keyOf(field);
    if (isUndecided(form, key)) return;
    event.preventDefault();
    fill(form, stored(form, key));
    field.dispatchEvent(new Event("input", { bubbles: true }));
    field.select();
    // What was wrong with the text that is gone goes with it: the server says anew how the line stands.
    if (field.getAttribute("aria-invalid") === "true") {
      saving.save([key], { undoing: true }).then(() => saving.say("保存されている内容に戻しました。"));
    }
  }

  form.addEventListener("keydown", (event) => {
    if (isConversion(event)) return;
    const field = event.target;
    if (event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey && !event.altKey) {
      undoing.byKey(event);
    } else if (event.key === "Enter" && field.type === "radio" && keyOf(field)) {
      event.preventDefault();
      saving.save([keyOf(field)]);
    } else if (!isCell(field) || event.ctrlKey || event.metaKey || event.altKey) {
      return;
    } else if (event.key === "Enter") {
      enter(event, field);
    } else if (event.key in ARROWS && !event.shiftKey) {
      arrow(event, field);
    } else if (event.key === "Escape") {
      putBack(event, field);
    }
  });
}
