// Forms with data-unsaved: says which rows differ from what was saved and asks before the page is left with them.
// data-unsaved="kept": the page came back with errors, so what stands in it is unsaved from the start;
// data-unsaved-row="kept" says the same of one row.
import { isChanged } from "./changed.js";

const FIELDS = "input, select, textarea";
const leaving = new WeakSet();

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  const kept = form.dataset.unsaved === "kept";
  const note = form.querySelector("[data-unsaved-note]");
  const isDirty = () =>
    kept || form.querySelector('[data-unsaved-row="kept"]') !== null || [...form.elements].some(isChanged);

  const show = (event) => {
    if (event?.isComposing) return; // what is being converted is not typed yet
    if (note) note.hidden = !isDirty();
    const row = event?.target.closest?.("[data-unsaved-row]");
    if (row) row.classList.toggle("entry-row--changed", [...row.querySelectorAll(FIELDS)].some(isChanged));
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("compositionend", show);
  form.addEventListener("grid:answered", show); // a cell was saved by itself
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) leaving.add(form);
  });
  window.addEventListener("pageshow", () => leaving.delete(form));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving.has(form) && isDirty()) event.preventDefault();
  });
  show();
}
