/* A link to a competency opens its card; so does an error in it. */

function openTarget() {
  const id = decodeURIComponent(window.location.hash.slice(1));
  const target = id && document.getElementById(id);
  const card = target && target.closest("details");
  if (!card) return;
  card.open = true;
  target.scrollIntoView();
}

window.addEventListener("hashchange", openTarget);
openTarget();

document.querySelectorAll("[data-open-all]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    const cards = [...document.querySelectorAll("details[data-competency]")];
    const open = cards.some((card) => !card.open);
    cards.forEach((card) => { card.open = open; });
    button.setAttribute("aria-expanded", String(open));
  });
});
