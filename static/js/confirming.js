// Asks once more before a form or a button with data-confirm="question" is sent, in the page and not in a window.
// data-confirm-yes names the deed on the button; data-confirm-no the way back.
const confirmed = new WeakSet();

function element(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

function ask(form, submitter, asking) {
  form.querySelector(".confirm-box")?.remove();
  const box = element("div", "confirm-box", "");
  const question = element("p", "confirm-box__question", asking.dataset.confirm);
  question.id = `confirm-${Math.random().toString(36).slice(2)}`;
  box.setAttribute("role", "group");
  box.setAttribute("aria-labelledby", question.id);
  const yes = element("button", "button", asking.dataset.confirmYes || submitter?.textContent.trim() || "はい");
  const no = element("button", "button button--secondary", asking.dataset.confirmNo || "やめる");
  yes.type = no.type = "button";
  const answers = element("div", "buttons", "");
  answers.append(no, yes);
  box.append(question, answers);
  yes.addEventListener("click", () => {
    confirmed.add(form);
    form.requestSubmit(submitter);
  });
  no.addEventListener("click", () => {
    box.remove();
    submitter?.focus();
  });
  const place = submitter?.closest(".buttons, .action-bar");
  if (place && form.contains(place)) place.after(box);
  else form.append(box);
  question.tabIndex = -1;
  question.focus();
  box.scrollIntoView({ block: "nearest" });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const submitter = event.submitter;
  const asking = submitter?.dataset.confirm ? submitter : form;
  if (!asking.dataset.confirm || confirmed.has(form)) {
    confirmed.delete(form);
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  ask(form, submitter, asking);
}, true);
