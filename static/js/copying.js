// A button with data-copy="id of a text box" copies its text; without a secure context (plain http) by selecting it.
const note = document.querySelector("[data-copied]");

async function copy(box) {
  if (window.isSecureContext && navigator.clipboard) {
    try {
      await navigator.clipboard.writeText(box.value);
      return true;
    } catch {
      // Not allowed by the browser: the way below.
    }
  }
  const details = box.closest("details");
  const wasOpen = !details || details.open;
  if (details) details.open = true;
  box.focus();
  box.select();
  const copied = document.execCommand("copy");
  if (copied && details && !wasOpen) details.open = false;
  return copied;
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const box = document.getElementById(button.dataset.copy);
    const copied = await copy(box);
    if (copied) button.focus();
    note.textContent = copied
      ? `${button.dataset.copyName}への文をコピーしました。`
      : "コピーできませんでした。選ばれている文を Ctrl+C でコピーしてください。";
  });
}
