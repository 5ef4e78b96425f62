// The menu folds behind a button on narrow screens. Without this script it is simply open.
const button = document.querySelector("[data-menu-button]");
const menu = document.querySelector("[data-menu]");

function set(open) {
  menu.classList.toggle("is-open", open);
  button.setAttribute("aria-expanded", String(open));
}

if (button && menu) {
  document.documentElement.classList.add("has-menu-button");
  button.hidden = false;
  button.addEventListener("click", () => set(!menu.classList.contains("is-open")));
}

// A click elsewhere or Escape closes what hangs from the header.
const hanging = [...document.querySelectorAll("details[data-hanging]")];

document.addEventListener("click", (event) => {
  for (const details of hanging) {
    if (!details.contains(event.target)) details.open = false;
  }
});

document.addEventListener("keydown", (event) => {
  if (event.isComposing || event.keyCode === 229 || event.key !== "Escape") return;
  for (const details of hanging) {
    if (details.open) {
      details.open = false;
      details.querySelector("summary").focus();
    }
  }
  if (button && menu.classList.contains("is-open")) {
    set(false);
    button.focus();
  }
});
