// In a form with data-enter-moves the Enter key goes to the next field, as in a spreadsheet; Shift+Enter goes back.
// The Enter that confirms a Japanese conversion does nothing here.
const STOPS = "input:not([type=hidden]):not([type=submit]):not([type=checkbox]):not([type=radio]):not(:disabled)";

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" && event.keyCode !== 229) return;
  const field = event.target;
  const form = field instanceof HTMLInputElement ? field.closest("form[data-enter-moves]") : null;
  if (!form || !field.matches(STOPS)) return;
  if (event.isComposing || event.keyCode === 229) return;
  event.preventDefault();
  const sameKind = field.dataset.enterStop === undefined ? STOPS : `${STOPS}[data-enter-stop]`;
  const fields = [...form.querySelectorAll(sameKind)];
  const next = fields[fields.indexOf(field) + (event.shiftKey ? -1 : 1)];
  if (next) {
    next.focus();
    next.select();
  }
});
