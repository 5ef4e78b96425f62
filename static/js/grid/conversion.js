// Japanese input: while a text is being converted, no key is ours and no row may be replaced under the typist.
let converting = false;
let pressing = false;
const waiting = [];

function settle() {
  if (!converting && !pressing) for (const go of waiting.splice(0)) go();
}

// Whether a key belongs to the input method: 229 is what browsers report for keys it has taken.
export function isConversion(event) {
  return event.isComposing || event.keyCode === 229 || converting;
}

// Resolves as soon as nothing is being converted and no button is held down.
export function calm() {
  return new Promise((go) => {
    waiting.push(go);
    settle();
  });
}

export function listenToConversion() {
  document.addEventListener("compositionstart", () => {
    converting = true;
  });
  document.addEventListener("compositionend", () => {
    // Some browsers send the confirming Enter right after the end: it still belongs to the conversion.
    setTimeout(() => {
      converting = false;
      settle();
    });
  });
  document.addEventListener("focusout", (event) => {
    // A browser that drops the conversion with the focus may never say that it ended.
    if (event.isTrusted && converting) {
      converting = false;
      setTimeout(settle);
    }
  });
  document.addEventListener("pointerdown", () => {
    pressing = true;
  });
  const released = () => {
    setTimeout(() => {
      pressing = false;
      settle();
    });
  };
  window.addEventListener("pointerup", released);
  window.addEventListener("pointercancel", released);
}
