/* The form of a plan's line follows the chosen competency and level without its button: the parts that belong to a
   level are fetched from the same form, as the button would, and put in place. Without this script the button does. */

const form = document.querySelector("form[data-plan-item]");
const button = form && form.querySelector("button[name=show]");

async function follow() {
  const typed = new FormData(form);
  typed.append("show", "level");
  const answer = await fetch(form.getAttribute("action") || window.location.pathname, { method: "POST", body: typed });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelectorAll("[data-of-level]");
  form.querySelectorAll("[data-of-level]").forEach((part, place) => {
    if (fresh[place]) part.replaceChildren(...fresh[place].childNodes);
  });
}

if (button) {
  button.parentElement.hidden = true;
  ["competency_id", "target_level"].forEach((name) => {
    form.elements[name].addEventListener("change", () => {
      follow().catch(() => { button.parentElement.hidden = false; }); // offline: the button stays
    });
  });
}
