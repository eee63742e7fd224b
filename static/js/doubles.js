// Offers what an organisation may be already while somebody types it (templates/mapping/doubles.html). Without this file
// the same is asked once it is sent.

const PAUSE = 250;
const ASKED = ["name", "other_names", "website", "kvk_number"];

class Doubles {
  constructor(box) {
    this.box = box;
    this.form = document.getElementById(box.dataset.doubles);
    this.fields = [...this.form.elements].filter((each) => ASKED.includes(each.name) && each.tagName !== "BUTTON");
    this.timer = 0;
    for (const each of this.fields) {
      each.addEventListener("input", () => this.typed());
      each.addEventListener("keydown", (event) => this.pressedInField(event));
    }
    box.addEventListener("keydown", (event) => this.pressed(event));
  }

  get buttons() {
    return [...this.box.querySelectorAll("button")];
  }

  // Empty where nothing is typed.
  get query() {
    const typed = this.fields.map((each) => [each.name, each.value.trim()]);
    if (typed.every(([, value]) => value === "")) return "";
    return new URLSearchParams([...typed, ["form", this.form.id]]).toString();
  }

  typed() {
    clearTimeout(this.timer);
    if (this.query) this.timer = setTimeout(() => this.ask(), PAUSE);
    else this.show("");
  }

  async ask() {
    const query = this.query;
    if (!query) return;
    const html = await this.offered(query);
    // An answer to what stands there no more, as once the row was added, says nothing.
    if (this.query === query) this.show(html);
  }

  async offered(query) {
    try {
      const answer = await fetch(`${this.box.dataset.from}?${query}`, { redirect: "error" });
      return answer.ok ? (await answer.text()).trim() : "";
    } catch {
      return "";
    }
  }

  show(html) {
    // Who is choosing is not moved.
    if (this.box.contains(document.activeElement)) return;
    this.box.innerHTML = html;
    this.box.closest("[data-doubles-place]").hidden = html === "";
  }

  pressedInField(event) {
    if (event.key !== "ArrowDown" || !this.buttons.length) return;
    event.preventDefault();
    event.stopPropagation();
    this.buttons[0].focus();
  }

  pressed(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key !== "Escape" && !step) return;
    event.preventDefault();
    event.stopPropagation();
    const next = step && this.buttons.indexOf(document.activeElement) + step;
    if (!step || next < 0) this.fields[0].focus();
    else this.buttons[Math.min(next, this.buttons.length - 1)].focus();
  }
}

for (const box of document.querySelectorAll("[data-doubles]")) new Doubles(box);
