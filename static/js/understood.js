// Under a field with data-understand="address": how what is typed would be read, asked of the server a moment after typing.
// Without this script the same line stands there after saving.
import { isChanged } from "./changed.js";

const PAUSE = 300;
const waiting = new WeakMap();

function lineOf(field) {
  const id = field.getAttribute("aria-describedby")?.split(" ").find((part) => part.endsWith("-understood"));
  return id ? document.getElementById(id) : null;
}

async function ask(field, signal) {
  const line = lineOf(field);
  const reason = field.closest("tr")?.querySelector("select");
  const query = new URLSearchParams({ typed: field.value, missing_reason: reason?.value ?? "" });
  // What is typed over a reason that stands there already takes its place; the server says so.
  if (reason && isChanged(field) && !isChanged(reason)) query.set("is_typed_over", "on");
  try {
    const answer = await fetch(`${field.dataset.understand}?${query}`, { signal, redirect: "error" });
    // A fragment of our own template, in which every value is escaped.
    if (answer.ok && line && field.isConnected) line.innerHTML = (await answer.text()).trim();
  } catch {
    if (!signal.aborted && line) line.textContent = ""; // nothing is better than the reading of an older text
  }
}

function later(field) {
  const before = waiting.get(field);
  clearTimeout(before?.timer);
  before?.control.abort();
  const control = new AbortController();
  waiting.set(field, { control, timer: setTimeout(ask, PAUSE, field, control.signal) });
}

function typed(event) {
  if (event.isComposing) return; // what is being converted is not typed yet
  const field = event.target.matches("select")
    ? event.target.closest("tr")?.querySelector("[data-understand]")
    : event.target.closest("[data-understand]");
  if (field) later(field);
}

document.addEventListener("input", typed);
document.addEventListener("compositionend", typed);
