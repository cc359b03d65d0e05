/* Rate with fewer clicks and keys: a box that ticks a whole level, the way to the next competency, the keyboard.
 *
 * A ladder is one stop of the Tab key, with the note of the indicator that one is at; the arrows move among its
 * boxes, a digit ticks every box up to that level, and Ctrl+Enter goes on to the next competency that is not
 * rated. Without this file every box is a stop and everything else is the same.
 */

import { TICK, changed, digitOf, nextUnrated, tickUpTo } from "./rating_keys.js";

const form = document.querySelector("[data-ladders]");

/* The boxes that tick a whole level. */
function allOf(rung) {
  return rung.querySelector("[data-all-of-level] input");
}

function showAll(rung) {
  const all = allOf(rung);
  if (!all) return;
  const ticks = [...rung.querySelectorAll(TICK)];
  const ticked = ticks.filter((tick) => tick.checked).length;
  all.checked = ticked === ticks.length;
  all.indeterminate = ticked > 0 && ticked < ticks.length;
}

function offerAll(ladder) {
  ladder.querySelectorAll("[data-rung]").forEach((rung) => {
    const all = allOf(rung);
    if (!all) return;
    all.closest("[data-all-of-level]").hidden = false;
    showAll(rung);
    all.addEventListener("change", (event) => {
      event.stopPropagation();
      rung.querySelectorAll(TICK).forEach((tick) => { tick.checked = all.checked; });
      changed(rung.querySelector(TICK));
    });
  });
  ladder.addEventListener("change", () => ladder.querySelectorAll("[data-rung]").forEach(showAll));
}

/* The keyboard in one ladder. */
function boxesOf(ladder) {
  return [...ladder.querySelectorAll("input[type=checkbox]")].filter((box) => !box.closest("[hidden]"));
}

function makeStop(ladder, box) {
  ladder.querySelectorAll("input").forEach((each) => { each.tabIndex = -1; });
  if (!box) return;
  box.tabIndex = 0;
  const row = box.closest(".indicator");
  const note = row && row.querySelector("input[type=text]");
  if (note) note.tabIndex = 0;
}

function beside(ladder, box, key) {
  const boxes = boxesOf(ladder);
  const at = boxes.indexOf(box);
  const places = { ArrowDown: at + 1, ArrowRight: at + 1, ArrowUp: at - 1, ArrowLeft: at - 1, Home: 0, End: boxes.length - 1 };
  return boxes[places[key]];
}

const MOVES = ["ArrowDown", "ArrowRight", "ArrowUp", "ArrowLeft", "Home", "End"];

function listen(ladder) {
  makeStop(ladder, ladder.querySelector(TICK));
  ladder.addEventListener("focusin", (event) => {
    if (event.target.type === "checkbox") makeStop(ladder, event.target);
    else makeStop(ladder, event.target.closest(".indicator").querySelector(TICK));
  });
  ladder.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.type !== "checkbox") return;
    const level = digitOf(event.key);
    if (level !== null) {
      event.preventDefault();
      const first = tickUpTo(ladder, level);
      if (first) first.focus();
    } else if (MOVES.includes(event.key)) {
      event.preventDefault();
      const other = beside(ladder, event.target, event.key);
      if (other) other.focus();
    }
  });
}

/* On to the next competency that is not rated. */
const cards = form ? [...form.querySelectorAll("[data-competency]")] : [];

function nameNext() {
  cards.forEach((card) => {
    const link = card.querySelector("[data-next-card]");
    if (!link) return;
    const next = nextUnrated(cards, card);
    const text = next ? form.dataset.sayNext.replace("{name}", next.dataset.name) : form.dataset.sayFinished;
    if (link.textContent !== text) link.textContent = text;
    link.setAttribute("href", next ? `#${next.id}` : "#form-end");
  });
}

function goOn(card) {
  const next = nextUnrated(cards, card);
  if (!next) {
    const end = document.getElementById("form-end");
    (end.querySelector("button[value=submit]") || end.querySelector("button")).focus();
    return;
  }
  card.open = false;
  next.open = true;
  next.querySelector("summary").focus({ preventScroll: true });
  next.scrollIntoView();
}

if (form) {
  form.querySelectorAll("[data-ladder]").forEach((ladder) => {
    offerAll(ladder);
    listen(ladder);
  });
  form.addEventListener("change", nameNext);
  form.addEventListener("click", (event) => {
    const link = event.target.closest("[data-next-card]");
    if (!link) return;
    event.preventDefault();
    goOn(link.closest("[data-competency]"));
  });
  form.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-competency]");
    if (!card || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    goOn(card);
  });
  document.querySelectorAll("[data-keyboard-hint]").forEach((hint) => { hint.hidden = false; });
}
