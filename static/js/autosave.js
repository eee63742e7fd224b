// Saves a form while somebody types: any form with data-autosave (a key of its own), a field seen_version and a line
// data-save-state (components/save_line.html). Until the server has it, a copy stays on this device, so that nothing
// typed is lost by a broken connection or an ended session. Without this file the buttons do the same work.

const PAUSE = 1500;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;
const LOOK_FOR_LOG_IN = 1000;
const UNSENT = new Set(["offline", "failing", "expired"]);
const NO_CONTENT = new Set(["hidden", "submit", "button", "reset", "file", "fieldset", "output"]);
const FORGOTTEN = new Set([404, 410]);
// What stays unsaved, however often it is tried.
const ENDED = new Set(["newer", "gone", "lost"]);
// The button that saves over a newer version.
const OVER = "over_version";

// Of the cookie: logging in again, in another tab, makes a new one.
function currentToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.version = form.elements.namedItem("seen_version");
    this.line = form.querySelector("[data-save-state]");
    this.words = this.line.dataset;
    this.key = `hubportaal/${form.dataset.autosave}`;
    this.savedKey = `${this.key}/saved`;
    this.kept = this.state;
    this.timer = 0;
    this.retry = FIRST_RETRY;
    this.sending = null;
    // What the server shows was typed and not saved: after a mistake in it, or beside a newer version.
    this.isUnsaved = this.line.dataset.state !== "saved";
    this.problem = document.querySelector(`button[name=${OVER}][form="${form.id}"]`) ? "newer" : "";
    this.watch = 0;
    this.savedLine = this.isUnsaved ? null : this.line.textContent.trim();
  }

  start() {
    if (!this.isUnsaved) {
      if (this.isOvertaken) {
        window.location.reload();
        return;
      }
      this.restore();
    }
    this.form.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    for (const link of document.querySelectorAll(`[data-keep-saved="${this.form.id}"]`)) {
      link.addEventListener("click", () => this.dropCopy());
    }
    document.addEventListener("leaving", (event) => {
      if (this.isDirty) event.detail.push(this.try().then(() => !this.isDirty));
    });
    window.addEventListener("online", () => this.try());
    window.addEventListener("focus", () => this.comeOrGo());
    document.addEventListener("visibilitychange", () => this.comeOrGo());
  }

  get controls() {
    return [...this.form.elements].filter((each) => each.name && !NO_CONTENT.has(each.type));
  }

  // What was filled in, by field; what is empty or not ticked is not in it.
  get fields() {
    const isChosen = (each) => !["checkbox", "radio"].includes(each.type) || each.checked;
    return this.controls
      .filter((each) => isChosen(each) && each.value !== "")
      .map((each) => [each.name, each.value]);
  }

  get state() {
    return JSON.stringify(this.fields);
  }

  get isDirty() {
    return this.state !== this.kept;
  }

  // Asked for while the page before it was saving, or kept by the browser: this page came before what this window saved.
  get isOvertaken() {
    try {
      const saved = Number(sessionStorage.getItem(this.savedKey));
      // Once: where the server knows no such version, the page stands as it is.
      sessionStorage.removeItem(this.savedKey);
      return saved > Number(this.version.value);
    } catch {
      return false;
    }
  }

  restore() {
    const copy = this.readCopy();
    if (!copy) return;
    if (JSON.stringify(copy.fields) === this.kept) {
      this.dropCopy();
      return;
    }
    this.makeRoom(copy.rows);
    this.fill(copy.fields);
    // Saved as having seen what was seen then: a newer version of somebody else is never overwritten.
    this.version.value = copy.version;
    this.form.dispatchEvent(new Event("autosave:restored"));
    this.say("typing", this.words.restored);
    this.wait(PAUSE);
  }

  fill(fields) {
    const filled = new Map(fields);
    for (const each of this.controls) {
      const value = filled.get(each.name) ?? "";
      if (["checkbox", "radio"].includes(each.type)) each.checked = filled.has(each.name) && each.value === value;
      else each.value = value;
    }
  }

  get rows() {
    return Number(this.form.querySelector("input[name$=-TOTAL_FORMS]")?.value ?? 0);
  }

  // Rows that a script added to a table (lines.js) are added again.
  makeRoom(rows) {
    for (let missing = rows - this.rows; missing > 0; missing -= 1) this.form.dispatchEvent(new Event("lines:add"));
  }

  typed() {
    // Back at the very content that the server has: nothing is left to save.
    if (!this.isDirty && !this.sending && !this.problem && this.savedLine !== null) {
      clearTimeout(this.timer);
      this.dropCopy();
      this.say("saved", this.savedLine);
      return;
    }
    if (this.problem !== "gone") this.writeCopy();
    if (!this.problem) this.say("typing", this.words.typing);
    this.wait(this.problem ? this.retry : PAUSE);
  }

  comeOrGo() {
    if (this.isDirty && (document.visibilityState === "hidden" || this.problem)) this.try();
  }

  wait(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.try(), milliseconds);
  }

  // One request at a time; what was typed meanwhile goes along in the next.
  async try() {
    clearTimeout(this.timer);
    if (!this.isDirty || ENDED.has(this.problem)) return "saved";
    return this.sent();
  }

  async sent(button) {
    this.sending ??= this.send(button).finally(() => {
      this.sending = null;
    });
    const outcome = await this.sending;
    if (outcome === "saved" && this.isDirty) this.wait(PAUSE);
    if (UNSENT.has(outcome)) {
      this.wait(this.retry);
      this.retry = Math.min(this.retry * 2, LAST_RETRY);
    }
    return outcome;
  }

  async send(button) {
    const state = this.state;
    if (!this.problem) this.say("saving", this.words.saving);
    let response;
    try {
      response = await fetch(this.form.action, {
        method: "POST",
        body: this.body(button),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      return this.failed("offline");
    }
    const answer = await response.json().catch(() => ({}));
    this.tellOthers(answer.others);
    if (response.ok && answer.version !== undefined) return this.saved(state, answer);
    // With a sentence of its own where somebody else is logged in.
    if (response.status === 401) return this.failed("expired", this.problem === "expired" ? undefined : answer.other);
    // Of somebody who was erased nothing stays on this device either; the text stays in this window.
    if (FORGOTTEN.has(response.status)) {
      if (!this.form.hasAttribute("data-autosave-forgets")) return this.failed("lost");
      this.dropCopy();
      return this.failed("gone");
    }
    if (response.status === 409) return this.failed("newer", answer.message);
    if (response.status === 422) return this.refused(answer);
    return this.failed("failing");
  }

  // Who else is here, where the page shows it.
  tellOthers(sentence) {
    const line = this.form.querySelector("[data-others-here]");
    if (line && sentence !== undefined && line.textContent !== sentence) line.textContent = sentence;
  }

  body(button) {
    const body = new FormData(this.form);
    const token = currentToken();
    if (token) body.set("csrfmiddlewaretoken", token);
    if (document.body.dataset.pageOf) body.set("page_of", document.body.dataset.pageOf);
    if (button) body.set(button.name, button.value);
    return body;
  }

  saved(state, answer) {
    this.kept = state;
    this.version.value = answer.version;
    this.noteSaved();
    this.problem = "";
    this.retry = FIRST_RETRY;
    this.savedLine = answer.message;
    this.say("saved", answer.message);
    if (this.isDirty) this.writeCopy();
    // What another tab typed meanwhile stays.
    else if (JSON.stringify(this.readCopy()?.fields) === state) this.dropCopy();
    this.refresh();
    return "saved";
  }

  // Parts of the page that say what was saved, such as sums, are asked anew.
  async refresh() {
    const parts = [...document.querySelectorAll("[data-fresh]")];
    if (!parts.length) return;
    const response = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
    if (!response?.ok) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of parts) part.replaceChildren(...(page.getElementById(part.id)?.childNodes ?? part.childNodes));
  }

  // Of a table the lines that can be read may be saved all the same: the others are saved over that version.
  refused(answer) {
    if (answer.version !== undefined) {
      this.version.value = answer.version;
      this.kept = null;
      this.writeCopy();
      this.refresh();
    }
    return this.failed("refused", answer.message);
  }

  failed(problem, sentence) {
    // The same sentence again would be read aloud again.
    if (this.problem !== problem || sentence) {
      this.problem = problem;
      this.say("failed", sentence ?? this.words[problem]);
      if (problem === "expired") {
        this.offerLogIn();
        this.lookForLogIn();
      }
    }
    if (problem === "refused") this.problem = "";
    return problem;
  }

  offerLogIn() {
    const link = document.createElement("a");
    link.href = this.words.logInUrl;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = this.words.logIn;
    this.line.append(" ", link);
  }

  // A new token in the cookie means that somebody logged in; that is seen here without asking the server.
  lookForLogIn() {
    const before = currentToken();
    clearInterval(this.watch);
    this.watch = setInterval(() => {
      if (this.problem !== "expired") clearInterval(this.watch);
      else if (currentToken() !== before) {
        clearInterval(this.watch);
        this.problem = "";
        this.try();
      }
    }, LOOK_FOR_LOG_IN);
  }

  // A button saves by itself first: what then leads to a page that cannot take the text keeps people here.
  async submitted(event) {
    const isOver = event.submitter?.name === OVER;
    if (this.isReady || (!this.isDirty && !isOver)) return;
    event.preventDefault();
    const outcome = await (isOver ? this.sent(event.submitter) : this.try());
    if (UNSENT.has(outcome)) return;
    this.isReady = true;
    // Not within this very event: a form that is being submitted takes no second order.
    setTimeout(() => this.form.requestSubmit(event.submitter));
  }

  say(state, sentence) {
    this.line.dataset.state = state;
    if (this.line.textContent !== sentence) this.line.textContent = sentence;
  }

  noteSaved() {
    try {
      sessionStorage.setItem(this.savedKey, this.version.value);
    } catch {
      // Not allowed: a page that was overtaken meets its newer version when it saves.
    }
  }

  readCopy() {
    try {
      const copy = JSON.parse(localStorage.getItem(this.key));
      return Array.isArray(copy?.fields) ? copy : null;
    } catch {
      return null;
    }
  }

  writeCopy() {
    const copy = { fields: this.fields, rows: this.rows, version: this.version.value };
    try {
      localStorage.setItem(this.key, JSON.stringify(copy));
    } catch {
      // No room or not allowed: saving goes on without a copy.
    }
  }

  dropCopy() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // Nothing was kept then either.
    }
  }
}

for (const form of document.querySelectorAll("form[data-autosave]")) new Autosave(form).start();
