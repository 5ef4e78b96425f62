// Signing in again in another window changes the token, so a form that was open meanwhile takes the new one when it is
// sent. Who had opened it is said in the form itself (opened_by): what another person sends from it is still refused.
export function token(form) {
  const cookie = document.cookie.split("; ").find((part) => part.startsWith("csrftoken="));
  return cookie ? cookie.slice("csrftoken=".length) : form.elements.namedItem("csrfmiddlewaretoken").value;
}

document.addEventListener("submit", (event) => {
  const field = event.target.elements?.namedItem("csrfmiddlewaretoken");
  if (field && event.target.elements.namedItem("opened_by")) field.value = token(event.target);
});
