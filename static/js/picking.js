// In a form with data-picking: one box picks all, and the bar says how many are picked.
for (const form of document.querySelectorAll("form[data-picking]")) {
  const boxes = [...form.querySelectorAll('input[name="entry"]')];
  const place = form.querySelector("[data-pick-all]");
  const note = form.querySelector("[data-picked-note]");
  if (!place || boxes.length === 0) continue;
  const all = place.querySelector("input");
  place.hidden = boxes.length < 2;

  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && !all.checked;
    note.textContent = count ? `${count}件を選んでいます。` : "";
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  form.addEventListener("change", show);
  window.addEventListener("pageshow", show);
  show();
}
