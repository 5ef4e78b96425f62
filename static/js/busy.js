// A form with data-busy="sentence" says the sentence while its answer is under way, and is not sent twice meanwhile.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.busy) return;
  if (form.ariaBusy === "true") {
    event.preventDefault();
    return;
  }
  form.ariaBusy = "true";
  const note = document.createElement("p");
  note.className = "busy";
  note.setAttribute("role", "status");
  form.append(note);
  note.textContent = form.dataset.busy; // after it stands in the page: so it is read out
});

// Going back shows the page as it was left.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[aria-busy=true]")) {
    form.ariaBusy = null;
    form.querySelector(".busy")?.remove();
  }
});
