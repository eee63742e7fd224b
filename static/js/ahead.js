// Answers that somebody writes before there is a draft: kept on this device, one by one, and sent only when they are brought in.
// Without this file the page says so, and the draft offers nothing.

const keyOf = (call, section) => `hubportaal/ahead/${call}/${section}`;

function read(call, section) {
  try {
    const kept = JSON.parse(localStorage.getItem(keyOf(call, section)));
    return typeof kept?.text === "string" && kept.text.trim() ? kept : null;
  } catch {
    return null;
  }
}

// Tells whether it is kept: there may be no room, or it is not allowed.
function write(call, section, kept) {
  try {
    if (kept) localStorage.setItem(keyOf(call, section), JSON.stringify(kept));
    else localStorage.removeItem(keyOf(call, section));
    return true;
  } catch {
    return false;
  }
}

class Writing {
  constructor(part) {
    this.part = part;
    this.call = part.dataset.ahead;
    this.texts = [...part.querySelectorAll("[data-ahead-text]")];
    this.line = part.querySelector("[data-ahead-line]");
    this.dropped = part.querySelector("[data-ahead-dropped]");
    this.undo = part.querySelector("[data-ahead-undo]");
    this.thrown = [];
  }

  start() {
    if (!write(this.call, "", { text: "" })) return;
    write(this.call, "", null);
    this.part.hidden = false;
    document.querySelector("[data-ahead-without]").hidden = true;
    for (const text of this.texts) {
      this.show(text, read(this.call, text.dataset.aheadText)?.text ?? "");
      text.addEventListener("input", () => this.keep(text));
    }
    // What another tab wrote, unless somebody types here at this moment.
    addEventListener("storage", (event) => {
      const text = this.texts.find((each) => keyOf(this.call, each.dataset.aheadText) === event.key);
      if (text && text !== document.activeElement) this.show(text, read(this.call, text.dataset.aheadText)?.text ?? "");
    });
    this.part.querySelector("[data-ahead-drop]").addEventListener("click", () => this.drop());
    this.undo.addEventListener("click", () => this.putBack());
  }

  show(text, value) {
    text.value = value;
    text.closest("section").dispatchEvent(new Event("autosave:restored"));
  }

  keep(text) {
    const isKept = write(this.call, text.dataset.aheadText, text.value.trim() ? { text: text.value } : null);
    this.line.textContent = isKept ? this.line.dataset.kept : this.line.dataset.full;
  }

  drop() {
    // Pressed once more there is nothing left, and what was thrown away first can still be put back.
    if (this.texts.some((each) => each.value.trim())) this.thrown = this.texts.map((each) => each.value);
    this.texts.forEach((each) => this.replace(each, ""));
    this.dropped.textContent = this.dropped.dataset.said;
    this.line.textContent = "";
    this.undo.hidden = false;
    this.undo.focus();
  }

  putBack() {
    // What was typed since stays.
    this.texts.forEach((each, place) => each.value.trim() || this.replace(each, this.thrown[place]));
    this.dropped.textContent = "";
    this.texts[0].focus();
    this.undo.hidden = true;
  }

  replace(text, value) {
    this.show(text, value);
    this.keep(text);
  }
}

class Offer {
  constructor(form) {
    this.form = form;
    this.call = form.dataset.aheadOffer;
    this.fields = [...form.querySelectorAll("[data-ahead-section]")];
  }

  start() {
    for (const key of this.taken) if (read(this.call, key)?.isBroughtIn) write(this.call, key, null);
    const kept = this.fields.filter((each) => read(this.call, each.dataset.aheadSection));
    for (const each of this.form.querySelectorAll("[data-ahead-title]")) {
      each.hidden = !kept.some((field) => field.dataset.aheadSection === each.dataset.aheadTitle);
    }
    this.form.hidden = kept.length === 0;
    this.form.addEventListener("submit", () => this.send());
  }

  get taken() {
    return this.form.dataset.aheadTaken.split(" ").filter(Boolean);
  }

  send() {
    for (const field of this.fields) {
      const kept = read(this.call, field.dataset.aheadSection);
      field.value = kept?.text ?? "";
      field.disabled = !kept;
      // Dropped once the draft has it, unless somebody writes on meanwhile.
      if (kept) write(this.call, field.dataset.aheadSection, { ...kept, isBroughtIn: true });
    }
  }
}

for (const part of document.querySelectorAll("[data-ahead]")) new Writing(part).start();
for (const form of document.querySelectorAll("[data-ahead-offer]")) new Offer(form).start();
