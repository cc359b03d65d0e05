/* No text is lost: what is typed into a long form is kept on the server while it is typed.
 *
 * A form takes part when it is sent by POST and has a long text in it (a textarea), or says data-autosave.
 * data-autosave="NAME" tells apart forms of one page that are sent to one address; data-no-autosave takes a form
 * out. A page needs nothing else: the layout loads this file and says who types (components/autosave.html), and
 * the server offers what was kept (web/typed_drafts.py).
 *
 * Two seconds after the typing stops, and when the page is left, the form goes to the server. Until the server
 * has it, a copy waits in this browser, under the typist's own key: for a lost connection, an ended log-in, a
 * form that is on its way. It goes as soon as the server has it, at log-out, and when somebody else logs in.
 * Nothing is put back without asking.
 */

const PREFIX = "typed:";
const PAUSE = 2_000;
const AGAIN = 5_000;
const settings = document.querySelector("[data-autosave-settings]");
const person = settings ? settings.dataset.person : "";

function isTyped(field) {
  return field.name && !["hidden", "password", "file", "submit", "button"].includes(field.type) && field.tagName !== "BUTTON";
}

function read(form) {
  const kept = [];
  for (const field of form.elements) {
    if (!isTyped(field)) continue;
    if (field.type === "checkbox" || field.type === "radio") {
      if (field.checked) kept.push([field.name, field.value]);
    } else {
      kept.push([field.name, field.value.replace(/\r\n/g, "\n")]);
    }
  }
  return kept;
}

function versionOf(form) {
  const field = form.querySelector("input[type=hidden][name=version]");
  return field ? field.value : "";
}

function putBack(form, kept) {
  const values = new Map();
  for (const [name, value] of kept.content) values.set(name, [...(values.get(name) || []), value]);
  for (const field of form.elements) {
    if (!isTyped(field)) continue;
    const own = values.get(field.name) || [];
    if (field.type === "checkbox" || field.type === "radio") field.checked = own.includes(field.value);
    else if (own.length) field.value = own.length > 1 ? own.shift() : own[0];
    field.dispatchEvent(new Event("change", { bubbles: true }));
  }
  // Sent with the version that it was typed on, a record that changed since shows the change.
  const version = form.querySelector("input[type=hidden][name=version]");
  if (version && kept.version) version.value = kept.version;
  for (let around = form.closest("details"); around; around = around.parentElement.closest("details")) {
    around.open = true;
  }
  form.dispatchEvent(new Event("input", { bubbles: true }));
}

/* The copies in this browser. Storage may be full or forbidden: then the server's copy is all there is. */
const copies = {
  name: (key) => `${PREFIX}${person}:${key}`,
  get(key) {
    try {
      return JSON.parse(localStorage.getItem(this.name(key)) || "null");
    } catch {
      return null;
    }
  },
  put(key, kept) {
    try {
      localStorage.setItem(this.name(key), JSON.stringify(kept));
    } catch { /* full, or forbidden */ }
  },
  drop(key) {
    try {
      localStorage.removeItem(this.name(key));
    } catch { /* forbidden */ }
  },
  dropWhere(goes) {
    try {
      Object.keys(localStorage).filter((name) => name.startsWith(PREFIX) && goes(name))
        .forEach((name) => localStorage.removeItem(name));
    } catch { /* forbidden */ }
  },
};

async function ask(address, options = {}) {
  return fetch(address, { ...options, headers: { Accept: "application/json" }, credentials: "same-origin", redirect: "error" });
}

/* After another log-in in this browser: the same person goes on with the new token. */
async function takeToken() {
  const answer = await ask(settings.dataset.token);
  if (!answer.ok) return answer.status;
  const told = await answer.json();
  if (String(told.person) !== person) return "other";
  document.querySelectorAll("input[name=csrf_token]").forEach((field) => { field.value = told.csrf_token; });
  return 200;
}

class Keeper {
  constructor(form, key) {
    this.form = form;
    this.key = key;
    this.kept = JSON.stringify(read(form));
    this.isSent = false;
    this.status = document.createElement("p");
    this.status.className = "autosave-status";
    this.status.setAttribute("aria-live", "polite");
    (form.querySelector(".form-end") || form).append(this.status);
    form.addEventListener("input", () => this.wait());
    form.addEventListener("change", () => this.wait());
    form.addEventListener("submit", (event) => this.send(event));
    window.addEventListener("pagehide", () => this.leave());
    window.addEventListener("pageshow", () => { this.isSent = false; });
    window.addEventListener("online", () => this.retry());
    window.addEventListener("focus", () => this.retry());
  }

  get isChanged() {
    return !this.isSent && JSON.stringify(read(this.form)) !== this.kept;
  }

  copy() {
    const kept = { at: new Date().toISOString(), version: versionOf(this.form), content: read(this.form) };
    copies.put(this.key, kept);
    return kept;
  }

  wait(pause = PAUSE) {
    clearTimeout(this.timer);
    if (this.isChanged) this.timer = setTimeout(() => this.save(), pause);
  }

  retry() {
    if (this.isWaiting) this.save();
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text;
  }

  async save(options = {}) {
    clearTimeout(this.timer);
    if (!this.isChanged || this.isOnItsWay) return;
    this.isOnItsWay = true;
    this.stop = new AbortController();
    const kept = this.copy();
    try {
      await this.answer(await this.post(kept, options), kept, options);
    } catch (error) {
      if (error.name !== "AbortError") this.later(settings.dataset.offline);
    } finally {
      this.isOnItsWay = false;
    }
    if (!this.isWaiting && !this.isRefused) this.wait();
  }

  post(kept, options) {
    const body = new URLSearchParams({
      csrf_token: this.form.querySelector("input[name=csrf_token]").value,
      form_key: this.key,
      version: kept.version,
      content: JSON.stringify(kept.content),
    });
    return ask(settings.dataset.keep, { method: "POST", body, signal: this.stop.signal, ...options });
  }

  async answer(answer, kept, options) {
    if (answer.ok) {
      this.kept = JSON.stringify(kept.content);
      this.isWaiting = false;
      copies.drop(this.key);
      this.say((await answer.json()).said);
    } else if (answer.status === 401) {
      this.later(null);
    } else if (answer.status === 400 && !options.again) {
      const told = await takeToken();
      if (told === 200) await this.answer(await this.post(kept, options), kept, { again: true });
      else if (told === 401) this.later(null);
      else this.give(settings.dataset[told === "other" ? "other" : "refused"]);
    } else if (answer.status >= 500) {
      this.later(settings.dataset.offline);
    } else {
      this.give(settings.dataset.refused);
    }
  }

  /* Try again by and by; without a text, the log-in has ended. */
  later(text) {
    this.isWaiting = true;
    if (text === null) {
      if (!this.status.querySelector("a")) {
        this.status.replaceChildren(settings.querySelector("[data-ended]").content.cloneNode(true));
      }
    } else {
      this.say(text);
    }
    this.timer = setTimeout(() => this.save(), AGAIN);
  }

  give(text) {
    this.isRefused = true;
    this.isWaiting = false;
    this.say(text);
  }

  /* A copy waits until the server says that the form was accepted. */
  send(event) {
    if (event.defaultPrevented) return;
    clearTimeout(this.timer);
    if (this.stop) this.stop.abort();
    this.copy();
    this.isSent = true;
    this.isWaiting = false;
    if (!this.form.querySelector("input[name=kept_in_browser]")) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name: "kept_in_browser", value: "yes" });
      this.form.append(field);
    }
  }

  leave() {
    if (!this.isChanged) return;
    const kept = this.copy();
    this.stop = new AbortController();
    this.post(kept, { keepalive: true }).catch(() => {});
  }
}

function offer(form, keeper, kept) {
  const drawn = settings.querySelector("[data-offer]").content.cloneNode(true).firstElementChild;
  const longest = kept.content.map(([, text]) => text).reduce((one, other) => (other.length > one.length ? other : one), "");
  drawn.querySelector("[data-excerpt]").textContent = `“${longest.slice(0, 80)}${longest.length > 80 ? "…" : ""}”`;
  drawn.querySelector("[data-put-back]").addEventListener("click", () => {
    putBack(form, kept);
    drawn.remove();
    form.scrollIntoView();
    keeper.save();
  });
  drawn.querySelector("[data-throw-away]").addEventListener("click", () => {
    copies.drop(keeper.key);
    drawn.remove();
  });
  document.querySelector("main").prepend(drawn);
}

const keepers = [];

/* A page that answers a form stands at the address of that form; the other forms on it were not sent. */
function wasSent(key) {
  return settings.dataset.answered !== undefined && key.split("#")[0] === window.location.pathname;
}

function begin(form, key) {
  const keeper = new Keeper(form, key);
  keepers.push(keeper);
  const kept = copies.get(key);
  if (wasSent(key) || form.dataset.typed) {
    keeper.kept = ""; // what stands here was typed and is not saved: the form came back, or a draft was put in
    keeper.save();
  } else if (kept && JSON.stringify(kept.content) === keeper.kept) {
    copies.drop(key);
  } else if (kept) {
    const note = [...document.querySelectorAll("[data-draft-note]")].find((each) => each.dataset.draftNote === key);
    const isOlder = note && new Date(note.dataset.at) >= new Date(kept.at);
    if (isOlder) copies.drop(key);
    else offer(form, keeper, kept);
    if (note && !isOlder) note.hidden = true;
  }
}

if (settings) {
  copies.dropWhere((name) => !name.startsWith(`${PREFIX}${person}:`));
  const sent = settings.dataset.sent.split(" ").filter(Boolean);
  copies.dropWhere((name) => sent.includes(name.slice(`${PREFIX}${person}:`.length).split("#")[0]));
  const seen = new Set();
  document.querySelectorAll("form").forEach((form) => {
    const address = form.getAttribute("action");
    if ((form.getAttribute("method") || "").toLowerCase() !== "post" || form.dataset.noAutosave !== undefined) return;
    if (form.dataset.autosave === undefined && !form.querySelector("textarea")) return;
    const path = address ? new URL(address, window.location.href).pathname : window.location.pathname;
    const key = path + (form.dataset.autosave ? `#${form.dataset.autosave}` : "");
    if (seen.has(key)) return;
    seen.add(key);
    begin(form, key);
  });
}

// Whoever leaves takes everything along.
document.querySelectorAll("form[action$='/logout']").forEach((form) => {
  form.addEventListener("submit", () => {
    keepers.forEach((keeper) => { keeper.isSent = true; }); // leaving this page copies nothing any more
    copies.dropWhere(() => true);
  });
});
