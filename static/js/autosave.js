// Saves a text while somebody types. Until the server has it, a copy stays on this device, so that nothing typed is
// lost by a broken connection or an ended session. Without this file the Save button does the same work.

const PAUSE = 1500;
const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;
const LOOK_FOR_LOG_IN = 1000;
const UNSENT = new Set(["offline", "failing", "expired"]);

// Of the cookie: logging in again, in another tab, makes a new one.
function currentToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

class Autosave {
  constructor(form) {
    this.form = form;
    this.text = form.elements.namedItem("text");
    this.version = form.elements.namedItem("seen_version");
    this.line = form.querySelector("[data-save-state]");
    this.length = form.querySelector("[data-length]");
    this.lengthSaid = form.querySelector("[data-length-said]");
    this.key = `hubportaal/${form.dataset.autosave}`;
    this.kept = this.text.defaultValue;
    this.timer = 0;
    this.retry = FIRST_RETRY;
    this.sending = null;
    this.problem = "";
    this.watch = 0;
    this.savedLine = this.line.dataset.state === "saved" ? this.line.textContent : null;
  }

  start() {
    this.restore();
    this.text.addEventListener("input", () => this.typed());
    this.form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("online", () => this.try());
    window.addEventListener("focus", () => this.comeOrGo());
    document.addEventListener("visibilitychange", () => this.comeOrGo());
  }

  get isDirty() {
    return this.text.value !== this.kept;
  }

  restore() {
    const copy = this.readCopy();
    if (!copy) return;
    // What the server shows after a refusal is what was typed last; it wins over the copy.
    const isRefused = this.form.querySelector("[aria-invalid=true]") !== null;
    if (copy.text === this.text.value || isRefused) {
      if (copy.text === this.kept) this.dropCopy();
      return;
    }
    this.text.value = copy.text;
    // Saved as having seen what was seen then: a newer text of somebody else is never overwritten.
    this.version.value = copy.version;
    this.count();
    this.say("typing", this.form.dataset.restored);
    this.wait(PAUSE);
  }

  typed() {
    this.count();
    // Back at the very text that the server has: nothing is left to save.
    if (!this.isDirty && !this.sending && !this.problem && this.savedLine !== null) {
      clearTimeout(this.timer);
      this.dropCopy();
      this.say("saved", this.savedLine);
      return;
    }
    this.writeCopy();
    if (!this.problem) this.say("typing", this.form.dataset.typing);
    this.wait(this.problem ? this.retry : PAUSE);
  }

  // As the server counts: characters, and not the halves in which a browser keeps some of them.
  count() {
    const number = [...this.text.value].length;
    const { most, one, many, excess } = this.length.dataset;
    const over = number - Number(most);
    const words = over > 0 ? excess : number === 1 ? one : many;
    this.length.textContent = words.replace("{count}", number).replace("{over}", over);
    const state = over > 0 ? "over" : "fits";
    if (state === this.length.dataset.state) return;
    this.length.dataset.state = state;
    // Read aloud once, and not with every letter.
    this.lengthSaid.textContent = this.lengthSaid.dataset[state];
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
    if (!this.isDirty || this.problem === "newer") return "saved";
    this.sending ??= this.send().finally(() => {
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

  async send() {
    const text = this.text.value;
    if (!this.problem) this.say("saving", this.form.dataset.saving);
    let response;
    try {
      response = await fetch(this.form.action, {
        method: "POST",
        body: this.body(),
        headers: { Accept: "application/json" },
        credentials: "same-origin",
        redirect: "manual",
      });
    } catch {
      return this.failed("offline");
    }
    const answer = await response.json().catch(() => ({}));
    if (response.ok && answer.version) return this.saved(text, answer);
    if (response.status === 401) return this.failed("expired");
    if (response.status === 409) return this.failed("newer");
    if (response.status === 422) return this.failed("refused", answer.message);
    return this.failed("failing");
  }

  body() {
    const body = new FormData(this.form);
    const token = currentToken();
    if (token) body.set("csrfmiddlewaretoken", token);
    return body;
  }

  saved(text, answer) {
    this.kept = text;
    this.version.value = answer.version;
    this.problem = "";
    this.retry = FIRST_RETRY;
    this.savedLine = answer.message;
    this.say("saved", answer.message);
    if (this.isDirty) this.writeCopy();
    // What another tab typed meanwhile stays.
    else if (this.readCopy()?.text === text) this.dropCopy();
    return "saved";
  }

  failed(problem, sentence) {
    // The same sentence again would be read aloud again.
    if (this.problem !== problem || sentence) {
      this.problem = problem;
      this.say("failed", sentence ?? this.form.dataset[problem]);
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
    link.href = this.form.dataset.logInUrl;
    link.target = "_blank";
    link.rel = "noopener";
    link.textContent = this.form.dataset.logIn;
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

  // The button saves by itself first: what then leads to a page that cannot take the text keeps people here.
  async submitted(event) {
    if (this.isReady || !this.isDirty) return;
    event.preventDefault();
    const outcome = await this.try();
    if (UNSENT.has(outcome)) return;
    this.isReady = true;
    // Not within this very event: a form that is being submitted takes no second order.
    setTimeout(() => this.form.requestSubmit(event.submitter));
  }

  say(state, sentence) {
    this.line.dataset.state = state;
    this.line.textContent = sentence;
  }

  readCopy() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  writeCopy() {
    try {
      localStorage.setItem(this.key, JSON.stringify({ text: this.text.value, version: this.version.value }));
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
