// Asks two minutes before the end of a session whether somebody goes on, in the dialog with data-session, and says when it ended.
// Another tab may prolong it, and a machine may have slept: what counts is what the server answers. Without this file a session
// ends as before, and what is sent after that is kept (logged_out.html).

const WARNING = 2 * 60 * 1000;
const RETRY = 20 * 1000;
const LONGEST_TIMER = 2 ** 31 - 1;
const HOUR = 60 * 60 * 1000;

class Session {
  constructor(dialog) {
    this.dialog = dialog;
    this.address = dialog.dataset.session;
    this.problem = dialog.querySelector("[data-session-problem]");
    this.end = Date.now() + Number(dialog.dataset.hours) * HOUR;
    this.title = document.title;
  }

  start() {
    this.dialog.querySelector("[data-session-on]").addEventListener("click", () => this.goOn());
    // Escape is a sign of life too.
    this.dialog.addEventListener("cancel", (event) => {
      if (this.hasEnded) return;
      event.preventDefault();
      this.goOn();
    });
    document.addEventListener("visibilitychange", () => this.come());
    window.addEventListener("focus", () => this.come());
    this.wait(this.end - WARNING - Date.now());
  }

  wait(time) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.look(), Math.min(Math.max(time, 0), LONGEST_TIMER));
  }

  come() {
    if (document.visibilityState === "visible" && (this.dialog.open || this.hasEnded || Date.now() > this.end - WARNING)) this.look();
  }

  look() {
    return this.ask("GET");
  }

  async goOn() {
    this.problem.textContent = "";
    if (!(await this.ask("POST"))) this.problem.textContent = this.problem.dataset.failed;
  }

  // Tells whether the server answered.
  async ask(method) {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
    const headers = { Accept: "application/json", ...(method === "POST" && { "X-CSRFToken": token }) };
    try {
      const response = await fetch(this.address, { method, headers });
      if (response.status === 401) this.over();
      else if (response.ok) this.lasts((await response.json()).seconds);
      else throw new Error(`session: ${response.status}`);
      return true;
    } catch {
      this.wait(RETRY);
      return false;
    }
  }

  lasts(seconds) {
    this.end = Date.now() + seconds * 1000;
    this.hasEnded = false;
    if (seconds * 1000 > WARNING) {
      this.close();
      this.wait(this.end - WARNING - Date.now());
      return;
    }
    this.open();
    // A moment after it ended.
    this.wait(this.end - Date.now() + 1000);
  }

  over() {
    clearTimeout(this.timer);
    // Once somebody read it and closed it, it is not said again.
    if (this.hasEnded) return;
    this.hasEnded = true;
    this.end = Infinity;
    this.open();
  }

  open() {
    this.dialog.querySelector("[data-session-asks]").hidden = this.hasEnded;
    for (const each of this.dialog.querySelectorAll("[data-session-ended]")) each.hidden = !this.hasEnded;
    const [heading, text] = this.dialog.querySelectorAll(this.hasEnded ? "[data-session-ended] [id]" : "[data-session-asks] [id]");
    this.dialog.setAttribute("aria-labelledby", heading.id);
    this.dialog.setAttribute("aria-describedby", text.id);
    document.title = `${heading.textContent} | ${this.title}`;
    if (!this.dialog.open) this.dialog.showModal();
    this.dialog.querySelector(this.hasEnded ? "a" : "[data-session-on]").focus();
  }

  close() {
    document.title = this.title;
    if (this.dialog.open) this.dialog.close();
  }
}

const dialog = document.querySelector("dialog[data-session]");
if (dialog) new Session(dialog).start();
