// On paper every table that stands one click away from its chart is open; afterwards it is as it was.
let opened = [];

window.addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("details.more:not([open])")];
  for (const details of opened) details.open = true;
});

window.addEventListener("afterprint", () => {
  for (const details of opened) details.open = false;
  opened = [];
});

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}
