// A table that is wider than its box says so above it: on a phone nothing else tells that columns follow.
const WORDS = "表は右に続いています。左右に動かすと、すべての列を見られます。";
const BOXES = ".table-scroll, .results, .import-preview, .inline-group .tabular .module";
const hints = new WeakMap();

function look(box) {
  const isCut = box.scrollWidth > box.clientWidth + 1;
  if (!hints.has(box)) {
    if (!isCut) return;
    const hint = document.createElement("p");
    hint.className = "caption help no-print scroll-hint";
    hint.textContent = WORDS;
    box.before(hint);
    hints.set(box, hint);
  }
  hints.get(box).hidden = !isCut;
}

const watch = new ResizeObserver((entries) => entries.forEach((entry) => look(entry.target)));
for (const box of document.querySelectorAll(BOXES)) watch.observe(box);
