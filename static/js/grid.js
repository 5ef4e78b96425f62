// A form with data-grid becomes a grid: cells save by themselves, keys move between them, a block is pasted, the last
// change is taken back. Without this script the same form is sent by its buttons.
import { listenToConversion } from "./grid/conversion.js";
import { moveWithKeys } from "./grid/moving.js";
import { openPanels } from "./grid/panel.js";
import { takePastedBlocks } from "./grid/pasting.js";
import { Saving } from "./grid/saving.js";
import { Undoing } from "./grid/undoing.js";

listenToConversion();

for (const form of document.querySelectorAll("form[data-grid]")) {
  const saving = new Saving(form);
  const undoing = new Undoing(form, saving);
  moveWithKeys(form, saving, undoing);
  takePastedBlocks(form, saving, undoing);
  openPanels(form, saving);
  form.dataset.grid = "ready";
}
