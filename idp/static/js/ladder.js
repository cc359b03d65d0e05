/* Show the level that the ticks give, as they are made.
 *
 * The same rule as on the server: the highest level up to which every existing level has enough of its
 * indicators ticked. How many are enough is written on each rung (data-needed), and every sentence on the
 * form (data-say-...), so that neither the organisation's rule nor the language is repeated here. Without
 * this file the server says the same after saving.
 */

const form = document.querySelector("[data-ladders]");

function digits(text) {
  if (form.dataset.thaiDigits !== "true") return text;
  return text.replace(/[0-9]/g, (digit) => String.fromCharCode(0x0e50 + Number(digit)));
}

function say(sentence, values) {
  const text = form.dataset[sentence] || "";
  return text.replace(/\{(\w+)\}/g, (_whole, name) => digits(String(values[name])));
}

function readLadder(card) {
  const rungs = [...card.querySelectorAll("[data-rung]")]
    .map((element) => ({
      element,
      number: Number(element.dataset.rung),
      needed: Number(element.dataset.needed),
      count: element.querySelectorAll("input[type=checkbox]").length,
      ticked: element.querySelectorAll("input[type=checkbox]:checked").length,
    }))
    .filter((rung) => rung.number > 0)
    .sort((one, other) => one.number - other.number);
  rungs.forEach((rung) => { rung.passed = rung.ticked >= rung.needed; });
  const missing = rungs.find((rung) => !rung.passed);
  const below = rungs.filter((rung) => !missing || rung.number < missing.number);
  return {
    rungs,
    missing,
    ticked: rungs.reduce((sum, rung) => sum + rung.ticked, 0),
    attained: below.length ? below[below.length - 1].number : 0,
    above: missing ? rungs.filter((rung) => rung.passed && rung.number > missing.number) : [],
  };
}

function sentence(reading, stated) {
  if (stated !== null) return say("sayStated", { level: stated });
  if (!reading.ticked) return say("sayNothing", {});
  const { attained, missing, above } = reading;
  const parts = [say(attained ? "sayLevel" : "sayZero", { level: attained })];
  if (!missing) parts.push(say("sayTop", {}));
  else if (missing.count) {
    parts.push(say("sayShort", { level: missing.number, count: missing.needed - missing.ticked }));
  }
  if (above.length) {
    const highest = above[above.length - 1].number;
    parts.push(say("sayBroken", { level: highest, blocked: missing.number, attained }));
  }
  return parts.join(" · ");
}

function show(card) {
  const reading = readLadder(card);
  const chosen = card.querySelector("[data-stated] input[type=radio]:checked");
  const stated = chosen && chosen.value !== "" ? Number(chosen.value) : null;
  reading.rungs.forEach(({ element, passed, ticked, number, count }) => {
    const held = passed && reading.missing && number > reading.missing.number;
    element.classList.toggle("is-passed", passed && !held);
    element.classList.toggle("is-held", Boolean(held));
    element.classList.toggle("is-partly", ticked > 0 && !passed);
    const counter = element.querySelector("[data-counter]");
    if (counter) counter.textContent = digits(`${ticked}/${count}`);
  });
  const text = sentence(reading, stated);
  const output = card.querySelector("[data-derived]");
  if (output.textContent.trim() !== text) output.textContent = text;
  const broken = stated === null && reading.above.length > 0;
  output.classList.toggle("is-broken", broken);
  const badge = card.querySelector("[data-level-badge]");
  const rated = stated !== null || reading.ticked > 0;
  badge.textContent = rated ? digits(String(stated === null ? reading.attained : stated)) : "–";
  card.classList.toggle("is-rated", rated);
}

function countRated() {
  const cards = form.querySelectorAll("[data-competency]");
  const rated = form.querySelectorAll("[data-competency].is-rated");
  document.querySelectorAll("[data-rated-count]").forEach((element) => {
    element.textContent = digits(`${rated.length}/${cards.length}`);
  });
}

if (form) {
  form.addEventListener("change", (event) => {
    const card = event.target.closest("[data-competency]");
    if (!card) return;
    show(card);
    countRated();
  });
}
