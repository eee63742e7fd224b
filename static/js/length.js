// Counts a text while somebody types. Without this file the page says the length as it was when it was opened.

class Length {
  constructor(form) {
    this.text = form.querySelector("textarea");
    this.shown = form.querySelector("[data-length]");
    this.said = form.querySelector("[data-length-said]");
    form.addEventListener("input", () => this.count());
    form.addEventListener("autosave:restored", () => this.count());
  }

  // As the server counts: characters, and not the halves in which a browser keeps some of them.
  count() {
    const number = [...this.text.value].length;
    const { most, one, many, excess } = this.shown.dataset;
    const over = number - Number(most);
    const words = over > 0 ? excess : number === 1 ? one : many;
    this.shown.textContent = words.replace("{count}", number).replace("{over}", over);
    const state = over > 0 ? "over" : "fits";
    if (state === this.shown.dataset.state) return;
    this.shown.dataset.state = state;
    // Read aloud once, and not with every letter.
    this.said.textContent = this.said.dataset[state];
  }
}

for (const shown of document.querySelectorAll("[data-length]")) new Length(shown.closest("form, section"));
