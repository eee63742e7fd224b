// Keeps on this device what somebody typed in a form that is sent by its button alone: any form with data-keep (a key of
// its own). The copy goes once the page shows what was sent, so that a broken connection, an ended session or a closed
// tab loses nothing. Without this file the form does the same, without a copy.

const TEXTS = 'textarea, select, input:is([type="text"], [type="date"], [type="email"], [type="number"])';

class Keeper {
  constructor(form) {
    this.form = form;
    this.name = `hubportaal/kept/${form.dataset.keep}`;
    // What a second sending of the same is known by: a key, or the version that was seen. Without one it stays until it is sent
    // and shown otherwise.
    this.mark = form.elements.namedItem("key") ?? form.elements.namedItem("seen_version") ?? { name: "", value: "" };
    this.shown = this.state;
  }

  get fields() {
    return [...this.form.querySelectorAll(TEXTS)].filter((each) => each.name);
  }

  get state() {
    return JSON.stringify(this.fields.map((each) => each.value));
  }

  start() {
    this.restore();
    this.form.addEventListener("input", () => this.write(false));
    this.form.addEventListener("submit", () => this.write(true));
    document.addEventListener("leaving", (event) => {
      if (this.state !== this.shown) event.detail.push(false);
    });
  }

  restore() {
    const copy = this.read();
    if (!copy) return;
    const isThere = document.querySelector(`[data-sent="${CSS.escape(copy.mark)}"]`);
    const isNewer = this.mark.name === "seen_version" && copy.isSent && copy.mark !== this.mark.value;
    if (isThere || isNewer || copy.state === this.shown) {
      this.drop();
      return;
    }
    // After a mistake the server shows what was typed itself.
    if (document.querySelector("[data-error-summary]")) return;
    const values = JSON.parse(copy.state);
    this.fields.forEach((each, place) => {
      const known = each.tagName !== "SELECT" || [...each.options].some((option) => option.value === values[place]);
      if (known && values[place] !== undefined) each.value = values[place];
    });
    this.mark.value = copy.mark;
    const line = this.form.querySelector("[data-kept-line]");
    line.textContent = line.dataset.restored;
  }

  read() {
    try {
      const copy = JSON.parse(localStorage.getItem(this.name));
      return typeof copy?.state === "string" && typeof copy.mark === "string" ? copy : null;
    } catch {
      return null;
    }
  }

  write(isSent) {
    try {
      localStorage.setItem(this.name, JSON.stringify({ state: this.state, mark: this.mark.value, isSent }));
    } catch {
      // No room or not allowed: the form works without a copy.
    }
  }

  drop() {
    try {
      localStorage.removeItem(this.name);
    } catch {
      // Nothing was kept then either.
    }
  }
}

for (const form of document.querySelectorAll("form[data-keep]")) new Keeper(form).start();
