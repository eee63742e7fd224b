// Offers names of places while somebody types. Without this file the search finds the same.

const PAUSE = 150;
const FEWEST_LETTERS = 2;

class Suggestions {
  constructor(list) {
    this.list = list;
    this.field = document.querySelector(`input[list="${list.id}"]`);
    this.timer = 0;
    this.asked = "";
    this.field.addEventListener("input", () => this.typed());
  }

  typed() {
    clearTimeout(this.timer);
    const text = this.field.value.trim();
    const isChosen = [...this.list.options].some((each) => each.value === text);
    if (text.length < FEWEST_LETTERS || isChosen) return;
    this.timer = setTimeout(() => this.ask(text), PAUSE);
  }

  async ask(text) {
    this.asked = text;
    try {
      const answer = await fetch(`${this.list.dataset.from}?${new URLSearchParams({ zoek: text })}`);
      const { names } = await answer.json();
      // An answer that took long is not shown over a later one.
      if (this.asked === text) this.list.replaceChildren(...names.map((each) => new Option(each, each)));
    } catch {
      this.list.replaceChildren();
    }
  }
}

for (const list of document.querySelectorAll("datalist[data-from]")) new Suggestions(list);
