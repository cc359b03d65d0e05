/* Rate a team without a mouse: each person's boxes are one stop of the Tab key, the arrows move among them, a digit
 * (or the level's name) ticks every box up to that level, Ctrl+Enter goes on to the next person. What a box stands
 * for is said beside it as it is reached: the words are drawn once on the page. Without this file every box is a
 * stop, and everything else is the same.
 */

import { digitOf, nextUnrated, tickUpTo } from "./rating_keys.js";

const grids = [...document.querySelectorAll("[data-tick-grid]")];

function boxesOf(grid) {
  return [...grid.querySelectorAll("input[type=checkbox]")];
}

/* One box of the grid can be reached by Tab: the one that was left last. */
function makeStop(grid, box) {
  boxesOf(grid).forEach((each) => { each.tabIndex = each === box ? 0 : -1; });
}

function showWords(grid, box) {
  const words = document.querySelector(`[data-words-of="${box.value}"]`);
  const label = grid.querySelector(`label[for="${box.id}"]`);
  const number = label ? label.firstChild.textContent.trim() : "";
  grid.querySelector("[data-tick-words]").textContent = words ? `${number} ${words.textContent.trim()}` : "";
}

function boxBeside(grid, box, key) {
  const all = boxesOf(grid);
  const at = all.indexOf(box);
  if (key === "ArrowRight") return all[at + 1];
  if (key === "ArrowLeft") return all[at - 1];
  if (key === "Home") return all[0];
  if (key === "End") return all[all.length - 1];
  const rungs = [...grid.querySelectorAll("[data-rung]")];
  const rung = box.closest("[data-rung]");
  const place = boxesOf(rung).indexOf(box);
  const other = rungs[rungs.indexOf(rung) + (key === "ArrowDown" ? 1 : -1)];
  if (!other) return undefined;
  const beside = boxesOf(other);
  return beside[Math.min(place, beside.length - 1)];
}

const MOVES = ["ArrowRight", "ArrowLeft", "ArrowDown", "ArrowUp", "Home", "End"];

grids.forEach((grid) => {
  makeStop(grid, boxesOf(grid)[0]);
  grid.addEventListener("focusin", (event) => {
    if (event.target.type !== "checkbox") return;
    makeStop(grid, event.target);
    showWords(grid, event.target);
  });
  grid.addEventListener("pointerover", (event) => {
    const tick = event.target.closest(".tick");
    if (tick) showWords(grid, tick.querySelector("input"));
  });
  grid.querySelectorAll("[data-up-to]").forEach((button) => {
    button.hidden = false;
    button.previousElementSibling.hidden = true;
    button.addEventListener("click", () => tickUpTo(grid, Number(button.closest("[data-rung]").dataset.rung)));
  });
  grid.addEventListener("keydown", (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.type !== "checkbox") return;
    const level = digitOf(event.key);
    if (level !== null) {
      event.preventDefault();
      tickUpTo(grid, level);
    } else if (MOVES.includes(event.key)) {
      event.preventDefault();
      const beside = boxBeside(grid, event.target, event.key);
      if (beside) beside.focus();
    }
  });
});

/* On to the next person who is not rated, round to the first again; then to the end of the form. */
document.querySelectorAll(".team-form").forEach((form) => {
  const rows = [...form.querySelectorAll("[data-competency]")];
  form.addEventListener("keydown", (event) => {
    const row = event.target.closest("[data-competency]");
    if (!row || event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    const next = nextUnrated(rows, row);
    const place = next ? next.querySelector("[data-tick-grid] input[tabindex='0']") : null;
    (place || form.querySelector(".form-end button[value=next]")).focus();
  });
});

document.querySelectorAll("[data-keyboard-hint]").forEach((hint) => { hint.hidden = false; });

/* A form that came back: begin where something is wrong, else at what is said about it. */
const refusal = document.querySelector("[data-row-refusal]");
if (refusal) {
  const wrong = document.querySelector(
    "[data-row-conflict], .team-row [aria-invalid=true], .team-row fieldset[aria-describedby] input",
  );
  (wrong || refusal).focus();
}

/* On a phone the ladder would stand between the reader and the people. */
const ladder = document.querySelector("[data-team-ladder]");
if (ladder && window.matchMedia("(max-width: 991.98px)").matches) ladder.open = false;
