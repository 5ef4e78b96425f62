// A line is what is saved together: the elements with data-line="key", their fields named key-…
import { isChanged } from "../changed.js";

const FIELDS = "input[name], select[name], textarea[name]";

export function keyOf(element) {
  return element?.closest("[data-line]")?.dataset.line ?? null;
}

export function elementsOf(form, key) {
  return [...form.querySelectorAll(`[data-line="${key}"]`)];
}

export function fieldsOf(form, key) {
  return elementsOf(form, key).flatMap((element) => [...element.querySelectorAll(FIELDS)]);
}

export function isTouched(form, key) {
  return fieldsOf(form, key).some(isChanged);
}

// Two versions stand side by side: only a decision saves such a line.
export function isUndecided(form, key) {
  return form.elements.namedItem(`${key}-is_conflict`) !== null;
}

// What would be sent of a line, as a form does it.
export function said(form, key) {
  const boxes = ["checkbox", "radio"];
  return fieldsOf(form, key)
    .filter((field) => !field.disabled && (!boxes.includes(field.type) || field.checked))
    .map((field) => [field.name, field.value]);
}

// What the server last said is stored, by the name of the field.
export function stored(form, key) {
  const start = `initial-${key}-`;
  const hidden = fieldsOf(form, key).filter((field) => field.name.startsWith(start));
  return Object.fromEntries(hidden.map((field) => [field.name.slice("initial-".length), field.value]));
}

export function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLElement) field.value = value;
  }
}

function focusIn(elements) {
  const field = document.activeElement;
  if (!field?.name || !elements.some((element) => element.contains(field))) return null;
  const range = field.selectionStart === null ? null : [field.selectionStart, field.selectionEnd];
  return { name: field.name, value: field.type === "radio" ? field.value : null, range };
}

function giveFocus(form, focus) {
  const same = [...form.elements].filter((field) => field.name === focus.name && field.type !== "hidden");
  const field = same.find((each) => focus.value === null || each.value === focus.value) ?? same[0];
  field?.focus({ preventScroll: true });
  if (field && focus.range && field.setSelectionRange) field.setSelectionRange(...focus.range);
}

// Puts the server's newer line in the place of the old one. What was typed since it was sent stays; true if there is any.
export function place(form, key, html, sent) {
  const before = elementsOf(form, key);
  const template = document.createElement("template");
  template.innerHTML = html.trim(); // a fragment of our own template, in which every value is escaped
  const typed = new Map(said(form, key));
  const newer = sent.filter(([name, value]) => !name.startsWith("initial-") && typed.get(name) !== value);
  const kept = Object.fromEntries(newer.map(([name]) => [name, typed.get(name) ?? ""]));
  const focus = focusIn(before);
  before[0].before(...template.content.children);
  for (const element of before) element.remove();
  fill(form, kept);
  if (focus) giveFocus(form, focus);
  for (const name of Object.keys(kept)) {
    // Those who show how it is read, or that it is not saved yet, look again.
    form.elements.namedItem(name)?.dispatchEvent?.(new Event("input", { bubbles: true }));
  }
  return newer.length > 0;
}
