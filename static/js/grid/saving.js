// Saves lines one after the other as they are left. What waits while a request is under way goes with the next one.
import { calm } from "./conversion.js";
import { token } from "../token.js";
import { elementsOf, isTouched, isUndecided, keyOf, place, said } from "./lines.js";

const PATIENCE = 15000; // milliseconds until a request counts as lost
const PAUSES = [5000, 10000, 20000, 40000, 60000]; // milliseconds until what was lost is sent again by itself
export const AWAY_STATUS = new Set([502, 503, 504]); // what lies beneath the application, or the application, restarts
const AWAY =
  "いまは保存できません。サーバーが準備中か、混み合っています。入力した内容は欄に残っていて、自動でもう一度保存します。画面を閉じないでください。";
const LOST = "保存できませんでした。通信を確かめて、再試行してください。入力した内容は欄に残っています。";
const SIGNED_OUT =
  "保存できませんでした。ログインの期限が切れています。入力した内容は欄に残っています。別の画面でログインしてから、「再試行」か、提出などのボタンを押してください。";
const REFUSED = "保存できませんでした。この月を入力する権限がないか、画面が古くなっています。入力した内容を控えて、画面を開き直してください。";

class NotSaved extends Error {}
class Away extends NotSaved {} // it will be back
class SignedOut extends NotSaved {}

// A link to the sign-in page, which opens beside this one.
export function signInLink() {
  return document.getElementById("grid-sign-in").content.cloneNode(true);
}

export class Saving {
  constructor(form) {
    this.form = form;
    this.waiting = new Map(); // key → those who want to hear of it
    this.lost = new Set();
    this.again = null; // the timer of the next try
    this.tries = 0;
    this.underWay = null;
    this.isSignedOut = false;
    this.isPlacing = false;
    this.heard = [];
    this.status = form.querySelector("[data-grid-status]");
    form.addEventListener("focusout", (event) => this.left(event));
    form.addEventListener("change", (event) => this.chosen(event));
    form.addEventListener("input", (event) => this.typed(event));
    form.addEventListener("click", (event) => this.pressed(event));
    form.addEventListener("submit", (event) => this.handIn(event), true);
    window.addEventListener("online", () => this.retry());
    document.addEventListener("visibilitychange", () => {
      if (document.visibilityState === "hidden") this.saveIfTouched(keyOf(document.activeElement));
    });
  }

  // Called before lines are sent, with their keys and whether it is an undoing.
  onSave(hear) {
    this.heard.push(hear);
  }

  // Sends lines; resolves with their outcomes by key ("lost" where the server could not be reached).
  save(keys, { undoing = false } = {}) {
    if (!undoing) for (const hear of this.heard) hear(keys);
    const outcomes = keys.map(
      (key) =>
        new Promise((tell) => {
          this.waiting.set(key, [...(this.waiting.get(key) ?? []), (outcome) => tell([key, outcome])]);
          this.show(key, "saving");
        }),
    );
    this.run();
    return Promise.all(outcomes).then((pairs) => new Map(pairs));
  }

  saveIfTouched(key) {
    if (key && isTouched(this.form, key) && !isUndecided(this.form, key)) this.save([key]);
  }

  // Resolves when nothing is under way any more.
  async settled() {
    while (this.underWay) await this.underWay;
  }

  retry() {
    const keys = [...this.lost].filter((key) => elementsOf(this.form, key).length > 0);
    this.lost.clear();
    return keys.length ? this.save(keys, { undoing: true }) : Promise.resolve(new Map());
  }

  async run() {
    while (this.waiting.size && !this.underWay) {
      const batch = this.waiting;
      this.waiting = new Map();
      this.underWay = this.send(batch);
      await this.underWay;
      this.underWay = null;
    }
  }

  async send(batch) {
    const sent = new Map([...batch.keys()].map((key) => [key, said(this.form, key)]));
    const outcomes = new Map();
    try {
      const { cells } = await this.ask([...sent.values()].flat());
      this.isSignedOut = false;
      await calm();
      for (const cell of cells) outcomes.set(cell.key, this.take(cell, sent.get(cell.key)));
    } catch (error) {
      for (const key of batch.keys()) this.lose(key, error);
    }
    for (const [key, tellers] of batch) for (const tell of tellers) tell(outcomes.get(key) ?? "lost");
    this.form.dispatchEvent(new CustomEvent("grid:answered"));
  }

  async ask(fields) {
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), Number(this.form.dataset.patience) || PATIENCE);
    try {
      const answer = await fetch(this.form.dataset.cells, {
        method: "POST",
        headers: { "X-CSRFToken": token(this.form) },
        body: new URLSearchParams(fields),
        redirect: "manual",
        signal: control.signal,
      });
      if (answer.type === "opaqueredirect") throw new SignedOut(SIGNED_OUT);
      if (answer.status === 403) throw new NotSaved(REFUSED);
      if (AWAY_STATUS.has(answer.status)) throw new Away(AWAY);
      if (!answer.ok) throw new NotSaved(LOST);
      return await answer.json();
    } finally {
      clearTimeout(timer);
    }
  }

  take({ key, outcome, message, html }, sent) {
    this.lost.delete(key);
    this.tries = 0;
    this.isPlacing = true;
    const typedMore = place(this.form, key, html, sent);
    this.isPlacing = false;
    if (outcome === "saved") this.show(key, typedMore ? "changed" : "saved");
    if (message) this.say(message);
    else if (outcome === "saved") this.say("保存しました。");
    if (typedMore && !elementsOf(this.form, key).some((element) => element.contains(document.activeElement))) {
      this.saveIfTouched(key);
    }
    return outcome;
  }

  lose(key, error) {
    this.lost.add(key);
    this.show(key, "unsaved");
    this.say(error instanceof NotSaved ? error.message : LOST);
    if (error instanceof SignedOut) {
      this.isSignedOut = true;
      this.status?.append(signInLink());
    }
    if (error instanceof Away || !(error instanceof NotSaved)) this.tryAgainLater();
  }

  // What only the server's absence kept back is sent again by itself, more seldom each time.
  tryAgainLater() {
    if (this.again) return;
    const pause = Number(this.form.dataset.pause) || PAUSES[Math.min(this.tries, PAUSES.length - 1)];
    this.tries += 1;
    this.again = setTimeout(() => {
      this.again = null;
      this.retry();
    }, pause);
  }

  show(key, state) {
    const [line] = elementsOf(this.form, key);
    const look = document.getElementById(`grid-${state}`);
    line?.querySelector("[data-save-state]")?.replaceChildren(look.content.cloneNode(true));
  }

  say(text) {
    if (this.status) this.status.textContent = text;
  }

  // 保存済 is said of what stands in the fields: it goes with the first letter that differs.
  typed(event) {
    const key = this.isPlacing ? null : keyOf(event.target);
    if (!key || this.lost.has(key) || this.waiting.has(key)) return;
    const [line] = elementsOf(this.form, key);
    const place = line.querySelector("[data-save-state]");
    if (!place || (place.firstElementChild && !place.querySelector(".state--saved, .state--changed"))) return;
    if (isTouched(this.form, key)) this.show(key, "changed");
    else place.replaceChildren();
  }

  left(event) {
    if (this.isPlacing || !event.target.name) return;
    const next = event.relatedTarget;
    if (next?.type === "submit" && next.form === this.form) return; // the button sends the whole form
    this.saveIfTouched(keyOf(event.target));
  }

  chosen(event) {
    if (event.target instanceof HTMLSelectElement || event.target.type === "checkbox") {
      this.saveIfTouched(keyOf(event.target));
    }
  }

  pressed(event) {
    const button = event.target.closest("button");
    const link = event.target.closest("a[data-opens-row]");
    if (link && link.href.split("#")[0] === location.href.split("#")[0]) {
      // The address stays the same, so the browser would only scroll: the page is asked for anew.
      event.preventDefault();
      history.replaceState(null, "", link.href);
      location.reload();
    }
    if (button?.matches("[data-grid-retry]")) this.retry();
    if (button?.matches("[data-grid-decide]")) this.save([keyOf(button)]);
  }

  // The form's own buttons wait for the cells; what cannot be saved is not handed in. Where the session has ended the whole
  // form is sent: it is kept, and its person is asked to sign in.
  async handIn(event) {
    if (this.isSignedOut || (!this.underWay && !this.waiting.size && !this.lost.size)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { submitter } = event;
    const name = submitter?.value;
    if (this.lost.size) await this.retry();
    await this.settled();
    if (this.lost.size && !this.isSignedOut) return;
    const same = submitter?.isConnected ? submitter : this.form.querySelector(`button[name=action][value="${name}"]`);
    this.form.requestSubmit(same ?? undefined);
  }
}
