// Fills in what everybody can read of an organisation once its KvK number is typed, in fields that are empty, and says so. Without this
// file a form of its own above the other one does the same (templates/coalitions/known_number.html), which is hidden here.

const NUMBER = /^\d{8}$/;

class KnownNumber {
  constructor(asking) {
    this.asking = asking;
    this.told = document.querySelector("[data-known-told]");
    this.field = document.querySelector("form:not([data-known-number]) [name=kvk_number]");
  }

  start() {
    this.asking.hidden = true;
    this.field.addEventListener("input", () => this.typed());
    // Beside the field, where somebody looks.
    this.field.after(this.told);
  }

  get number() {
    return this.field.value.replace(/[\s.]/g, "");
  }

  async typed() {
    const { number } = this;
    this.told.textContent = "";
    if (!NUMBER.test(number)) return;
    try {
      const query = new URLSearchParams({ kvk_number: number });
      const answer = await fetch(`${this.asking.action}?${query}`, { headers: { Accept: "application/json" } });
      if (!answer.ok || this.number !== number) return;
      this.fill(await answer.json());
    } catch {
      // It is filled in by hand then.
    }
  }

  fill({ filled, told }) {
    const empty = Object.entries(filled).filter(([name]) => !this.field.form.elements.namedItem(name).value);
    for (const [name, value] of empty) {
      const field = this.field.form.elements.namedItem(name);
      field.value = value;
      field.dispatchEvent(new Event("input", { bubbles: true }));
    }
    // What somebody typed stays, and nothing is said of it.
    if (empty.length || !Object.keys(filled).length) this.told.textContent = told;
  }
}

const asking = document.querySelector("form[data-known-number]");
if (asking) new KnownNumber(asking).start();
