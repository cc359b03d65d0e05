/* Show the level that the ticks give, as they are made.
 *
 * The same rule as on the server: the highest level up to which every existing level has enough of its
 * indicators ticked. How many are enough is written on each rung (data-needed), and every sentence on the
 * form (data-say-...), so that neither the organisation's rule nor the language is repeated here. Without
 * this file the server says the same after saving.
 */

const form = document.querySelector("[data-ladders]");
const TICK = "input[type=checkbox][name]";

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
    .map((element) => {
      const ticks = [...element.querySelectorAll(TICK)];
      return {
        element,
        ticks,
        number: Number(element.dataset.rung),
        needed: Number(element.dataset.needed),
        count: ticks.length,
        ticked: ticks.filter((tick) => tick.checked).length,
      };
    })
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

/* "3.2": the second indicator of level 3. */
function placesOf(rungs, isMeant) {
  return rungs.flatMap((rung) => rung.ticks
    .map((tick, index) => (isMeant(tick) ? `${rung.number}.${index + 1}` : ""))
    .filter(Boolean));
}

/* A level given in the ticks' stead: {kind, level}; null without one, or while it cannot be one. */
function givenLevel(card) {
  const average = card.querySelector("[data-average]");
  const typed = average ? average.value.trim().replace(/[\u0e50-\u0e59]/g, (digit) => digit.charCodeAt(0) - 0x0e50) : "";
  const top = Math.max(0, ...[...card.querySelectorAll("[data-rung]")].map((rung) => Number(rung.dataset.rung)));
  if (/^\d{1,9}(\.\d{1,2}0*)?$/.test(typed) && Number(typed) <= top) return { kind: "sayAverage", level: Number(typed) };
  const chosen = card.querySelector("[data-stated] input[type=radio]:checked");
  if (chosen && chosen.value !== "") return { kind: "sayStated", level: Number(chosen.value) };
  return null;
}

function sentence(reading, given) {
  if (given) {
    const parts = [say(given.kind, given)];
    if (reading.ticked) parts.push(say("sayBeside", { level: reading.attained }));
    return parts.join(" · ");
  }
  if (!reading.ticked) return say("sayNothing", {});
  const { attained, missing, above } = reading;
  const parts = [say(attained ? "sayLevel" : "sayZero", { level: attained })];
  if (!missing) {
    parts.push(say("sayTop", {}));
  } else if (missing.count) {
    const places = placesOf([missing], (tick) => !tick.checked).join(", ");
    parts.push(say("sayShort", { level: missing.number, count: missing.needed - missing.ticked, places }));
  } else {
    parts.push(say("sayBare", { level: missing.number }));
  }
  if (above.length) {
    const highest = above[above.length - 1].number;
    parts.push(say("sayBroken", { level: highest, blocked: missing.number, attained }));
  }
  return parts.join(" · ");
}

/* Where the supervisor's form differs from the self-assessment, once it says something. */
function apart(card, reading, level) {
  if (card.dataset.selfLevel === undefined || level === null) return "";
  const isApart = (tick) => {
    const own = tick.closest("[data-self]");
    return own !== null && (own.dataset.self === "yes") !== tick.checked;
  };
  const places = reading.ticked ? placesOf(reading.rungs, isApart) : [];
  const levels = Math.round(Math.abs(Number(card.dataset.selfLevel) - level) * 100) / 100;
  if (!levels && !places.length) return "";
  const parts = [levels ? say("sayApart", { count: levels }) : say("saySameLevel", {})];
  if (places.length) parts.push(say("sayApartAt", { count: places.length, places: places.join(", ") }));
  return parts.join(" · ");
}

/* Whether the rating could not be handed in yet for want of words: as `rules.rating_evidence` says. */
function lacksEvidence(card, reading, given, level) {
  if (level === null) return false;
  const isAsked = card.dataset.asksEvidence === "yes" && level >= Number(card.dataset.expected);
  if (!given && !isAsked) return false;
  const text = card.querySelector("textarea");
  if (text && text.value.trim()) return false;
  const rung = given ? null : reading.rungs.find((each) => each.number === level);
  return !(rung && rung.ticks.some((tick) => {
    const note = tick.parentElement.querySelector("input[type=text]");
    return tick.checked && note !== null && note.value.trim() !== "";
  }));
}

function tell(output, text) {
  if (output && output.textContent.trim() !== text) output.textContent = text;
}

function show(card) {
  const reading = readLadder(card);
  const given = givenLevel(card);
  const level = given ? given.level : reading.ticked ? reading.attained : null;
  const isBroken = !given && reading.above.length > 0;
  reading.rungs.forEach(({ element, passed, ticked, number, count }) => {
    const held = passed && reading.missing && number > reading.missing.number;
    element.classList.toggle("is-passed", passed && !held);
    element.classList.toggle("is-held", Boolean(held));
    element.classList.toggle("is-partly", ticked > 0 && !passed);
    element.classList.toggle("is-blocking", isBroken && number === reading.missing.number);
    const counter = element.querySelector("[data-counter]");
    if (counter) counter.textContent = digits(`${ticked}/${count}`);
  });
  const output = card.querySelector("[data-derived]");
  tell(output, sentence(reading, given));
  output.classList.toggle("is-broken", isBroken);
  tell(card.querySelector("[data-apart]"), apart(card, reading, level));
  const lacking = card.querySelector("[data-evidence-lacking]");
  if (lacking) lacking.hidden = !lacksEvidence(card, reading, given, level);
  card.querySelector("[data-level-badge]").textContent = level === null ? "–" : digits(String(level));
  card.classList.toggle("is-rated", level !== null);
}

function countRated() {
  const cards = form.querySelectorAll("[data-competency]");
  const rated = form.querySelectorAll("[data-competency].is-rated");
  document.querySelectorAll("[data-rated-count]").forEach((element) => {
    element.textContent = digits(`${rated.length}/${cards.length}`);
  });
}

if (form) {
  const renew = (event) => {
    const card = event.target.closest("[data-competency]");
    if (!card) return;
    show(card);
    countRated();
  };
  form.addEventListener("change", renew);
  form.addEventListener("input", renew);
}
