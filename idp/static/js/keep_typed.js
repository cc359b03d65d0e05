/* A form sent after the log-in had ended loses nothing: what was typed waits in this tab until it is saved.
 *
 * It is kept for the person who typed it alone (data-keep-for), in the tab's own memory, and thrown away as soon
 * as the page shows the same as what was kept, or when the person says so. Nothing is put back without asking.
 */

const PREFIX = "typed:";

function read(form) {
  const kept = [];
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.tagName === "BUTTON") continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) kept.push([field.name, field.value]);
    } else {
      kept.push([field.name, field.value.replace(/\r\n/g, "\n").trim()]);
    }
  }
  return kept;
}

function putBack(form, kept) {
  const values = new Map();
  for (const [name, value] of kept) values.set(name, [...(values.get(name) || []), value]);
  for (const field of form.elements) {
    if (!field.name || field.type === "hidden" || field.tagName === "BUTTON") continue;
    const own = values.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = own.includes(field.value);
    else if (own.length) [field.value] = own;
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

function forgetOthers(person) {
  for (const key of Object.keys(sessionStorage)) {
    if (key.startsWith(PREFIX) && !key.startsWith(`${PREFIX}${person}:`)) sessionStorage.removeItem(key);
  }
}

function offer(form, key, kept) {
  const note = document.querySelector("[data-kept-note]");
  if (!note) return;
  note.hidden = false;
  note.querySelector("[data-put-back]").addEventListener("click", () => {
    putBack(form, kept);
    note.hidden = true;
    form.scrollIntoView();
  });
  note.querySelector("[data-throw-away]").addEventListener("click", () => {
    sessionStorage.removeItem(key);
    note.hidden = true;
  });
}

document.querySelectorAll("form[data-keep-for]").forEach((form) => {
  forgetOthers(form.dataset.keepFor);
  const key = `${PREFIX}${form.dataset.keepFor}:${new URL(form.action).pathname}`;
  const kept = JSON.parse(sessionStorage.getItem(key) || "null");
  if (kept && JSON.stringify(kept) === JSON.stringify(read(form))) sessionStorage.removeItem(key);
  else if (kept) offer(form, key, kept);
  form.addEventListener("submit", () => sessionStorage.setItem(key, JSON.stringify(read(form))));
});

// Whoever leaves takes everything along.
document.querySelectorAll("form[action$='/logout']").forEach((form) => {
  form.addEventListener("submit", () => sessionStorage.clear());
});
