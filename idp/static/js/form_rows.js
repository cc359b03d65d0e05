/* Buttons that add, move or take out the rows of a long form: the server draws the form again, and here it takes
   the place of the old one without leaving the page. Without this script the page comes back as a whole. */

const NAME = "rows";

document.addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  if (!form.matches("form[data-rows]") || !button || button.name !== NAME) return;
  event.preventDefault();
  event.stopPropagation(); // nothing is saved by it: what is typed is still unsaved
  const status = form.querySelector(".autosave-status");
  const sent = new FormData(form);
  sent.append(NAME, button.value);
  try {
    const answer = await fetch(form.action || location.href, { method: "POST", body: sent, credentials: "same-origin" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const drawn = page.getElementById(form.id);
    if (!answer.ok || !drawn) throw new Error(String(answer.status));
    form.replaceChildren(...drawn.childNodes);
    if (status) (form.querySelector(".form-end") || form).append(status);
    document.getElementById(drawn.dataset.focus)?.focus();
    form.dispatchEvent(new Event("input", { bubbles: true }));
  } catch {
    const field = Object.assign(document.createElement("input"), { type: "hidden", name: NAME, value: button.value });
    form.append(field);
    HTMLFormElement.prototype.submit.call(form);
  }
}, true);

// Without a fetch the page came back as a whole: go on where the new row is.
const focus = document.querySelector("form[data-rows][data-focus]")?.dataset.focus;
if (focus && !document.querySelector("[data-refusal]")) document.getElementById(focus)?.focus();
