/* What the form of one person and that of a whole team share: the key of a level, every box up to it, and who or
 * what is rated next. A ladder holds rungs ([data-rung]); the boxes that count have a name.
 */

export const TICK = "input[type=checkbox][name]";

/* The level that a key names, in either digits; null for any other key. */
export function digitOf(key) {
  if (/^[1-9]$/.test(key)) return Number(key);
  return /^[\u0e51-\u0e59]$/.test(key) ? key.charCodeAt(0) - 0x0e50 : null;
}

/* As if the reader had changed it: what is derived, kept or guarded takes notice. */
export function changed(box) {
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

/* Everything up to the level and nothing above it. Gives the first box of the level; null where the ladder has no
 * such level, and then nothing is changed.
 */
export function tickUpTo(ladder, level) {
  const rungs = [...ladder.querySelectorAll("[data-rung]")];
  const meant = rungs.find((rung) => Number(rung.dataset.rung) === level);
  const first = meant ? meant.querySelector(TICK) : null;
  if (!first) return null;
  rungs.forEach((rung) => rung.querySelectorAll(TICK).forEach((box) => {
    box.checked = Number(rung.dataset.rung) <= level;
  }));
  changed(first);
  return first;
}

/* The next of these that is not rated, round to the first again. */
export function nextUnrated(cards, card) {
  const at = cards.indexOf(card);
  return [...cards.slice(at + 1), ...cards.slice(0, at)].find((each) => !each.classList.contains("is-rated"));
}
