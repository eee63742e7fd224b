// Sends files one by one and says how far each is (templates/applications/attachments.html). Without this file they go in
// one form. What was not taken stays chosen, with the reason at the file.

function currentToken() {
  return document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";
}

class Row {
  constructor(file, list, words) {
    this.file = file;
    this.words = words;
    this.box = document.createElement("li");
    this.name = document.createElement("strong");
    this.name.textContent = file.name;
    this.state = document.createElement("span");
    this.bar = document.createElement("progress");
    this.bar.className = "hub-progress";
    this.bar.max = 1;
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", file.name);
    this.box.append(this.name, " ", this.bar, " ", this.state);
    list.append(this.box);
    this.say(words.waiting);
  }

  say(words) {
    this.state.textContent = words;
  }

  // How much of it is on its way; once all is, the portal looks into it.
  sent(part) {
    this.bar.value = part;
    this.say(part < 1 ? `${Math.floor(part * 100)}%` : this.words.checking);
    if (part >= 1) this.bar.removeAttribute("value");
  }

  ends(isSaved, words) {
    this.isSaved = isSaved;
    this.bar.remove();
    this.box.classList.toggle("hub-uploads__refused", !isSaved);
    this.say(words);
  }
}

class Uploads {
  constructor(form) {
    this.form = form;
    this.input = form.elements.namedItem("file");
    this.place = form.querySelector("[data-uploads]");
    this.words = this.place.dataset;
    this.list = this.place.querySelector("ul");
    this.line = this.place.querySelector("[role=status]");
    this.underway = null;
    form.addEventListener("submit", (event) => this.submitted(event));
    window.addEventListener("beforeunload", (event) => {
      if (this.underway) event.preventDefault();
    });
    document.addEventListener("leaving", (event) => {
      if (this.underway) event.detail.push(this.underway);
    });
  }

  submitted(event) {
    // Without a file, or with a field that is empty, the form says what lacks.
    const kind = this.form.elements.namedItem("kind");
    if (event.defaultPrevented || (!this.underway && (!this.input.files.length || kind?.value === ""))) return;
    event.preventDefault();
    if (!this.underway) this.underway = this.sendAll([...this.input.files]);
  }

  async sendAll(files) {
    this.list.replaceChildren();
    this.place.hidden = false;
    const buttons = this.form.querySelectorAll("button[type=submit]");
    for (const button of buttons) button.setAttribute("aria-disabled", "true");
    const rows = files.map((file) => new Row(file, this.list, this.words));
    for (const row of rows) {
      this.count(rows);
      await this.send(row, files.length);
    }
    this.count(rows);
    this.underway = null;
    for (const button of buttons) button.removeAttribute("aria-disabled");
    const isDone = rows.every((row) => row.isSaved);
    if (isDone) location.assign(location.pathname);
    else await this.keep(rows.filter((row) => !row.isSaved));
    return isDone;
  }

  count(rows) {
    const values = { done: rows.filter((row) => row.isSaved).length, all: rows.length };
    this.line.textContent = this.words.count.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  }

  // As the form itself would send it; of several files each has its own name behind the one that was typed.
  content(row, number) {
    const data = new FormData(this.form);
    const title = String(data.get("title") ?? "").trim();
    data.set("file", row.file);
    if (title && number > 1) data.set("title", `${title}: ${row.file.name}`);
    if (currentToken()) data.set("csrfmiddlewaretoken", currentToken());
    return data;
  }

  send(row, number) {
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      const end = (isSaved, words) => {
        row.ends(isSaved, words);
        done();
      };
      request.upload.addEventListener("progress", (event) => row.sent(event.loaded / event.total));
      request.addEventListener("load", () => {
        const words = this.answer(request);
        end(request.status === 200 && words !== "", words || this.words.failing);
      });
      for (const each of ["error", "timeout", "abort"]) {
        request.addEventListener(each, () => end(false, this.words.failing));
      }
      request.open("POST", location.pathname);
      request.setRequestHeader("Accept", "application/json");
      request.send(this.content(row, number));
    });
  }

  // What the portal says; nothing where something else answered, as a page that asks to log in.
  answer(request) {
    try {
      return JSON.parse(request.responseText).message ?? "";
    } catch {
      return "";
    }
  }

  // The list shows what was taken, and what was not stays chosen.
  async keep(rows) {
    const left = new DataTransfer();
    for (const row of rows) left.items.add(row.file);
    this.input.files = left.files;
    try {
      const page = new DOMParser().parseFromString(await (await fetch(location.pathname)).text(), "text/html");
      const list = page.querySelector("[data-attachments]");
      if (list) document.querySelector("[data-attachments]").replaceWith(list);
    } catch {
      // It shows once the page is opened again.
    }
    rows[0].box.tabIndex = -1;
    rows[0].box.focus();
  }
}

const form = document.querySelector("form[data-with-uploads]");
if (form) new Uploads(form);
