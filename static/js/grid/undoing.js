// Remembers what stood in the cells before each change that was sent; taking it back is another save.
import { elementsOf, fieldsOf, fill, stored } from "./lines.js";
import { isCell } from "./places.js";

const DEPTH = 50;

export class Undoing {
  constructor(form, saving) {
    this.form = form;
    this.saving = saving;
    this.changes = [];
    this.button = form.querySelector("[data-grid-undo]");
    this.button?.addEventListener("click", () => this.undo());
    saving.onSave((keys) => this.note(keys));
  }

  note(keys) {
    const before = keys.map((key) => [key, stored(this.form, key)]);
    this.changes.push(new Map(before));
    if (this.changes.length > DEPTH) this.changes.shift();
    this.show();
  }

  show() {
    if (this.button) this.button.hidden = this.changes.length === 0;
  }

  // What is being typed is the browser's to take back; what was saved is ours.
  byKey(event) {
    const field = event.target;
    const line = field.closest("[data-line]")?.dataset.line;
    const isTyping = line && field.name && field.value !== (stored(this.form, line)[field.name] ?? field.value);
    const isKept = field.defaultValue === field.value; // refused as it stands: not being typed any more
    if (isTyping && !isKept) return;
    event.preventDefault();
    this.undo();
  }

  async undo() {
    const change = this.changes.pop();
    this.show();
    if (!change) return;
    const keys = [...change.keys()].filter((key) => elementsOf(this.form, key).length > 0);
    for (const key of keys) fill(this.form, change.get(key));
    fieldsOf(this.form, keys[0]).find(isCell)?.focus();
    const outcomes = await this.saving.save(keys, { undoing: true });
    const done = [...outcomes.values()].filter((outcome) => outcome === "saved" || outcome === "same").length;
    this.saving.say(done === keys.length ? `${done}件を元に戻しました。` : "元に戻せない欄があります。確かめてください。");
  }
}
