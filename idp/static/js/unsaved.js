/* Ask before leaving a form whose text has not been saved. */

document.querySelectorAll("form[data-guard-unsaved]").forEach((form) => {
  let changed = form.dataset.guardUnsaved === "changed"; // the server gave typed text back
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => {
    if (changed) event.preventDefault();
  });
});
