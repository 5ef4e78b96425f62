// Forms with data-unsaved: says which rows differ from what was saved and asks before the page is left with them.
// data-unsaved="kept": the page came back with errors, so what stands in it is unsaved from the start.
const leaving = new WeakSet();

function said(form) {
  const data = new FormData(form);
  data.delete("csrfmiddlewaretoken");
  return JSON.stringify([...data].map(([name, value]) => [name, value instanceof File ? value.name : value]));
}

function isChanged(control) {
  if (control.type === "hidden" || !control.name) return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    const first = options.some((option) => option.defaultSelected) ? null : 0;
    return options.some((option, index) =>
      option.selected !== (first === null ? option.defaultSelected : index === first));
  }
  return control.value !== control.defaultValue;
}

for (const form of document.querySelectorAll("form[data-unsaved]")) {
  const before = said(form);
  const kept = form.dataset.unsaved === "kept";
  const note = form.querySelector("[data-unsaved-note]");
  const isDirty = () => kept || said(form) !== before;

  const show = (event) => {
    if (event?.isComposing) return; // what is being converted is not typed yet
    if (note) note.hidden = !isDirty();
    const row = event?.target.closest?.("[data-unsaved-row]");
    if (row) {
      const changed = [...row.querySelectorAll("input, select, textarea")].some(isChanged);
      row.classList.toggle("entry-row--changed", changed);
    }
  };
  form.addEventListener("input", show);
  form.addEventListener("change", show);
  form.addEventListener("compositionend", show);
  form.addEventListener("submit", (event) => {
    if (!event.defaultPrevented) leaving.add(form);
  });
  window.addEventListener("pageshow", () => leaving.delete(form));
  window.addEventListener("beforeunload", (event) => {
    if (!leaving.has(form) && isDirty()) event.preventDefault();
  });
  show();
}
