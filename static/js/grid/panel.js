// The panel of a cell beside the grid: opened by its link (data-panel-link) or F2, closed by Escape. What is sent from it
// comes back into it. Without this script the link opens a page of its own.
import { token } from "../token.js";
import { isConversion } from "./conversion.js";
import { elementsOf, fieldsOf, isTouched, isUndecided, keyOf } from "./lines.js";
import { isCell } from "./places.js";
import { AWAY_STATUS, signInLink } from "./saving.js";

const KEPT = "入力した内容は欄に残っています。";
const PROBLEMS = {
  away: `いまは送信できません。${KEPT}10秒ほど待って、もう一度押してください。`,
  "signed out": `ログインの期限が切れています。別の画面でログインしてから、もう一度押してください。${KEPT}`,
};
// Leaving the page would lose what is typed in it.
const STAYS = { away: "いまは開けません。10秒ほど待って、もう一度押してください。", "signed out": PROBLEMS["signed out"] };

// The form as it is sent from this page: with the token of whoever is signed in now, and kept by the page itself.
function bodyOf(form) {
  const body = new FormData(form);
  body.set("csrfmiddlewaretoken", token(form));
  body.delete("opened_by");
  return body;
}

export function openPanels(form, saving) {
  const panel = document.querySelector("[data-grid-panel]");
  if (!panel) return;
  const content = panel.querySelector("[data-grid-panel-content]");
  let key = null;

  async function load(address, options = {}) {
    const answer = await fetch(address, options);
    // A sign-in page or an error has no place in the panel: the browser shows it in full.
    if (AWAY_STATUS.has(answer.status)) throw new Error("away");
    if (answer.redirected && new URL(answer.url).pathname === "/login/") throw new Error("signed out");
    const html = answer.ok ? await answer.text() : "";
    if (!html.includes("data-cell-panel")) throw new Error("no panel");
    content.innerHTML = html; // a fragment of our own template, in which every value is escaped
  }

  async function open(link) {
    key = keyOf(link);
    const address = new URL(link.href);
    address.searchParams.set("part", "1");
    try {
      await saving.settled(); // the panel shows the version that is saved
      await load(address);
    } catch (error) {
      if (error.message in STAYS) {
        saving.say(STAYS[error.message]);
        if (error.message === "signed out") saving.status?.append(signInLink());
        return;
      }
      location.assign(link.href);
      return;
    }
    panel.hidden = false;
    panel.scrollTop = 0;
    panel.focus();
  }

  function close() {
    panel.hidden = true;
    content.replaceChildren();
    const fields = key ? fieldsOf(form, key) : [];
    const place = fields.find(isCell) ?? elementsOf(form, key)[0]?.querySelector("[data-panel-link]");
    place?.focus();
  }

  async function send(event) {
    event.preventDefault();
    const sent = event.target;
    try {
      await load(sent.action, { method: "POST", body: bodyOf(sent) });
    } catch (error) {
      const note = sent.querySelector("[data-panel-problem]") ?? document.createElement("p");
      note.className = "error-text";
      note.dataset.panelProblem = "";
      note.setAttribute("role", "alert");
      note.textContent =
        PROBLEMS[error.message] ?? "送信できませんでした。通信を確かめて、もう一度押してください。";
      if (error.message === "signed out") note.append(signInLink());
      sent.append(note);
      return;
    }
    panel.focus();
    // The line shows the comment and knows the new version.
    if (key && !isUndecided(form, key) && !isTouched(form, key)) saving.save([key], { undoing: true });
  }

  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-panel-link]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "F2" || isConversion(event) || !isCell(event.target)) return;
    const lines = elementsOf(form, keyOf(event.target));
    const link = lines.map((line) => line.querySelector("[data-panel-link]")).find(Boolean);
    if (!link) return;
    event.preventDefault();
    saving.saveIfTouched(keyOf(event.target));
    open(link);
  });
  panel.addEventListener("submit", send);
  panel.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || isConversion(event)) return;
    event.preventDefault();
    close();
  });
  panel.querySelector("[data-grid-panel-close]").addEventListener("click", close);
}
