// Whether a control of a form differs from what the server last said about it.
export function isChanged(control) {
  if (control.type === "hidden" || !control.name || control.disabled || control instanceof HTMLButtonElement) return false;
  if (control.type === "checkbox" || control.type === "radio") return control.checked !== control.defaultChecked;
  if (control instanceof HTMLSelectElement) {
    const options = [...control.options];
    const first = options.some((option) => option.defaultSelected) ? null : 0;
    return options.some((option, index) =>
      option.selected !== (first === null ? option.defaultSelected : index === first));
  }
  return control.value !== control.defaultValue;
}
