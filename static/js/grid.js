// Makes the table of a region's map a grid (templates/mapping/grid.html): one changes a cell in its place, by keyboard
// alone if one likes. Each cell is saved by itself with what it showed before; until the server has it, it is kept on this
// device, so that nothing typed is lost. Without this file each row opens its form, which does the same.

const FIRST_RETRY = 2000;
const LAST_RETRY = 60000;
const ACTS_UNDONE = 50;
const PAGE_OF_ROWS = 10;
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
STEPS.PageUp = [-PAGE_OF_ROWS, 0];
STEPS.PageDown = [PAGE_OF_ROWS, 0];
// What many rows at once should not say by one key.
const NOT_COPIED = new Set(["name", "kvk_number", "public"]);

// Where one types at once; there every letter is one of the text.
const TYPED_IN = new Set(["text", "long"]);

// What stands for the row in the address where a cell is saved.
const NO_ROW = "00000000-0000-0000-0000-000000000000";

const isSame = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// Of the cookie: logging in again, in another tab, makes a new one.
const currentToken = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? "";

// Browsers offer randomUUID to secure pages alone.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}

// Why something was not saved, by its word: a portal that answers is no lost connection.
function whyNot(status, offline, failing) {
  if (status === 0) return offline;
  if (status === 404) return "lost";
  return status === 401 ? "expired" : failing;
}

// What a cell shows, without its button.
const textIn = (cell) => (cell.firstElementChild ?? cell).textContent.trim();

function element(name, text, attributes = {}) {
  const made = document.createElement(name);
  made.textContent = text;
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

// What was done here, the latest last, for the undo: in this tab, also where a page came in between.
class Acts {
  constructor(key) {
    this.key = `hubportaal/acts/${key}`;
    this.forms = `hubportaal/forms/${key}`;
    this.all = [];
    try {
      this.all = JSON.parse(sessionStorage.getItem(this.key)) ?? [];
      // Who was logged in before in this tab leaves nothing.
      for (const each of Object.keys(sessionStorage))
        if (/^hubportaal\/(acts|forms)\//.test(each) && each.split("/").at(-1) !== key.split("/").at(-1))
          sessionStorage.removeItem(each);
    } catch {
      // Not allowed: they are known on this page alone.
    }
  }

  add(act) {
    this.all.push(act);
    this.keep();
  }

  take() {
    const last = this.all.pop();
    this.keep();
    return last;
  }

  find(id) {
    return id && this.all.find((each) => each.id === id);
  }

  drop(act) {
    this.all = this.all.filter((each) => each !== act);
    this.keep();
  }

  // What was done with rows on pages of their own.
  hear(told) {
    const undone = { came_back: "went", split: "merged", import_undone: "imported" };
    const isUndone = (one, each) => one.kind && one.kind === undone[each.kind] && one.row === each.row && one.merge === each.merge;
    for (const each of told) {
      const before = this.all.findLast((one) => isUndone(one, each));
      // Pressed twice.
      const isKnown = each.kind === "imported" && this.all.some((one) => one.kind === each.kind && one.row === each.row);
      if (before) this.drop(before);
      else if (each.kind === "changed") this.hearSaved(each);
      else if (each.kind !== "split" && each.kind !== "import_undone" && !isKnown) this.add({ ...each, kind: each.kind === "came_back" ? "came" : each.kind });
    }
  }

  // The portal tells what was saved, and this tab knows what stood there: by a button, the portal tells that too.
  hearSaved(act) {
    const fields = act.fields ?? this.savedHere(act);
    if (fields) this.add({ kind: act.kind, row: act.row, at: act.at, fields });
  }

  // Taken once: what is told a second time was pressed twice.
  savedHere(act) {
    try {
      const kept = JSON.parse(sessionStorage.getItem(this.forms)) ?? [];
      const saved = kept.find((each) => each.row === act.row && each.seen === act.seen);
      if (!saved) return null;
      sessionStorage.setItem(this.forms, JSON.stringify(kept.filter((each) => each !== saved)));
      return Object.fromEntries(act.names.filter((name) => saved.fields[name]).map((name) => [name, saved.fields[name]]));
    } catch {
      return null;
    }
  }

  keep() {
    this.all = this.all.slice(-ACTS_UNDONE);
    try {
      sessionStorage.setItem(this.key, JSON.stringify(this.all));
    } catch {
      // No room or not allowed.
    }
  }
}

// Sends what was changed, one after the other, and keeps on this device what the server does not have yet.
class Saves {
  constructor(grid, key) {
    this.grid = grid;
    this.key = `hubportaal/grid/${key}`;
    this.waiting = [];
    // Another tab with the same grid keeps its own.
    this.tab = newKey();
    this.retry = FIRST_RETRY;
    this.timer = 0;
    this.isSending = false;
    document.addEventListener("leaving", (event) => {
      // What is underway gets there, or is told with the rest.
      if (this.waiting.length) event.detail.push(new Promise((tell) => setTimeout(() => tell(!this.waiting.length), FIRST_RETRY)));
    });
    window.addEventListener("online", () => this.send());
    window.addEventListener("focus", () => this.send());
  }

  kept() {
    try {
      return JSON.parse(localStorage.getItem(this.key)) ?? [];
    } catch {
      return [];
    }
  }

  restore() {
    // What a tab that is still open sends as well, changes nothing the second time.
    this.waiting = this.kept().map((each) => ({ ...each, tab: this.tab }));
    this.write(this.waiting);
    for (const each of [...this.waiting]) this.grid.restored(each);
    this.send();
  }

  of(row, field) {
    return this.waiting.findLast((each) => each.field && each.row === row && each.field === field);
  }

  add(change) {
    const earlier = this.of(change.row, change.field);
    // What the server has is what stood there before the first of both, or once that was sent, perhaps the first: sent
    // again it changes nothing.
    if (earlier?.isSent) change.was = earlier.value;
    else if (earlier) Object.assign(change, { was: earlier.was, version: earlier.version });
    this.waiting = this.waiting.filter((each) => each !== earlier || each.isSent);
    this.queue(change);
  }

  queue(change) {
    this.waiting.push(Object.assign(change, { tab: this.tab }));
    this.keep();
    this.send();
  }

  done(change) {
    this.waiting = this.waiting.filter((each) => each !== change);
    this.keep();
  }

  keep() {
    this.write([...this.kept().filter((each) => each.tab !== this.tab), ...this.waiting]);
  }

  write(all) {
    try {
      localStorage.setItem(this.key, JSON.stringify(all));
    } catch {
      // No room or not allowed: saving goes on without a copy.
    }
  }

  async send() {
    clearTimeout(this.timer);
    if (this.isSending) return;
    this.isSending = true;
    for (;;) {
      const next = this.waiting.find((each) => !each.refused);
      if (!next) break;
      next.isSent = true;
      this.grid.say(next, "saving");
      const { status, answer } = await this.post(this.grid.address(next), this.grid.bodyOf(next));
      if (status === 200 || status === 409 || status === 422 || status === 404) {
        this.retry = FIRST_RETRY;
        next.isSent = false;
        // What was typed over it meanwhile takes its place; an undo is done or is not.
        if (status === 200 || next.isUndo || this.of(next.row, next.field) !== next) this.done(next);
        else Object.assign(next, { refused: status, by: answer.by });
        this.keep();
        this.grid.answered(next, status, answer);
      } else {
        this.grid.say(next, "failed", whyNot(status, "offline", "failing"));
        this.timer = setTimeout(() => this.send(), this.retry);
        this.retry = Math.min(this.retry * 2, LAST_RETRY);
        break;
      }
    }
    this.isSending = false;
  }

  async post(address, body) {
    const token = currentToken();
    if (token) body.set("csrfmiddlewaretoken", token);
    if (document.body.dataset.pageOf) body.set("page_of", document.body.dataset.pageOf);
    try {
      const headers = { Accept: "application/json" };
      const response = await fetch(address, { method: "POST", body, headers, redirect: "manual" });
      return { status: response.status, answer: await response.json().catch(() => ({})) };
    } catch {
      return { status: 0, answer: {} };
    }
  }
}

class Grid {
  constructor(table) {
    this.table = table;
    this.words = table.dataset;
    this.columns = [...table.tHead.rows[0].cells].map((each) => each.dataset);
    this.body = table.tBodies[0];
    this.newRow = this.body.querySelector("[data-new]");
    this.doublesRow = this.body.querySelector("[data-doubles-place]");
    this.newName = this.newRow.querySelector("input");
    this.addForm = this.newName.form;
    this.status = document.querySelector("[data-grid-status]");
    this.conflicts = document.querySelector("[data-grid-conflicts]");
    this.acts = new Acts(table.dataset.grid);
    this.adding = null;
    this.editing = null;
    this.saves = new Saves(this, table.dataset.grid);
  }

  start() {
    this.table.setAttribute("role", "grid");
    this.table.classList.add("hub-map-grid__table--live");
    document.querySelector("[data-grid-box]").removeAttribute("tabindex");
    document.querySelector("[data-grid-hint]").hidden = false;
    const keys = document.querySelector("[data-grid-keys]");
    document.querySelector("[data-grid-help]").addEventListener("click", () => keys.showModal());
    this.keys = keys;
    for (const row of this.rows) this.prepare(row);
    this.body.addEventListener("keydown", (event) => this.pressed(event));
    this.body.addEventListener("focusin", (event) => this.entered(event));
    this.body.addEventListener("focusout", (event) => this.left(event));
    this.body.addEventListener("mousedown", (event) => this.clicked(event));
    this.addForm.addEventListener("submit", (event) => {
      // One that was offered instead is opened by the server.
      if (event.submitter?.name === "take") return;
      event.preventDefault();
      this.add(() => this.newName.focus(), event.submitter);
    });
    // Wherever one is on the page, but where one types.
    document.addEventListener("keydown", (event) => this.pressedOnPage(event));
    this.newName.addEventListener("input", () => this.keepName());
    this.restoreName();
    this.acts.hear(JSON.parse(this.words.acts));
    this.saves.restore();
    const asked = location.hash && document.getElementById(location.hash.slice(1));
    const first = (asked && asked.parentNode === this.body ? asked : this.rows[0])?.cells[1];
    if (first) first.tabIndex = 0;
    if (!asked || !first) return;
    first.focus();
    // The browser goes to the row of the address by itself once all is loaded, and takes the focus away.
    if (document.readyState !== "complete") addEventListener("load", () => this.focus(first), { once: true });
  }

  get rows() {
    return [...this.body.rows].filter((each) => each.id);
  }

  row(key) {
    return document.getElementById(`rij-${key}`);
  }

  keyOf(row) {
    return row.id.replace("rij-", "");
  }

  columnOf(cell) {
    return this.columns[cell.cellIndex];
  }

  cell(change) {
    if (!change.field) return undefined;
    const index = this.columns.findIndex((each) => each.field === change.field);
    return this.row(change.row)?.cells[index];
  }

  prepare(row) {
    for (const cell of row.cells) {
      cell.tabIndex = -1;
      if (!this.columnOf(cell).editor) cell.setAttribute("aria-readonly", "true");
      for (const each of cell.querySelectorAll("a, button, input")) each.tabIndex = -1;
    }
  }

  // What stands in a cell, as the server is told it: a list, of one or more.
  valueOf(cell) {
    const raw = cell.dataset.raw ?? cell.textContent.trim();
    if (this.columnOf(cell).editor === "several") return raw ? raw.split(",") : [];
    return [raw];
  }

  // What the cell shows: what was changed and waits to be saved, else what the server has.
  shownIn(cell) {
    return this.saves.of(this.keyOf(cell.parentNode), this.columnOf(cell).field)?.value ?? this.valueOf(cell);
  }

  focus(cell) {
    if (!cell) return;
    const current = this.body.querySelector("[tabindex='0']");
    if (current) current.tabIndex = -1;
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    // All of it: by itself a browser is content with a part.
    cell.scrollIntoView({ block: "nearest", inline: "nearest", behavior: "instant" });
  }

  entered(event) {
    const cell = event.target.closest("td, th");
    if (event.target !== cell || this.editing) return;
    const current = this.body.querySelector("[tabindex='0']");
    if (current && current !== cell) current.tabIndex = -1;
    cell.tabIndex = 0;
  }

  left(event) {
    if (this.editing && !this.editing.cell.contains(event.relatedTarget)) this.leave(!this.isHalfTyped);
  }

  clicked(event) {
    const cell = event.target.closest("td, th");
    if (!cell?.parentNode.id || event.target.closest("a, button, label, .hub-map-editor")) return;
    event.preventDefault();
    const isAgain = document.activeElement === cell;
    if (this.editing && this.editing.cell !== cell) this.leave(!this.isHalfTyped);
    this.focus(cell);
    if (isAgain) this.edit(cell);
  }

  pressed(event) {
    if (event.target === this.newName) this.pressedInNewRow(event);
    else if (this.editing) this.pressedInEditor(event);
    else if (event.target.matches("td, th")) this.pressedOnCell(event);
  }

  pressedOnPage(event) {
    const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key === "z";
    const isTyping = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
    if (!isUndo || isTyping || this.editing) return;
    event.preventDefault();
    this.undo();
  }

  pressedOnCell(event) {
    const cell = event.target;
    const isCommand = event.ctrlKey || event.metaKey;
    const act = this.actOf(event, cell, isCommand);
    if (!act) return;
    event.preventDefault();
    act();
  }

  actOf(event, cell, isCommand) {
    if (STEPS[event.key] && !event.altKey) return () => this.step(cell, ...STEPS[event.key]);
    if (event.key === "Home" || event.key === "End") return () => this.toEdge(cell, event.key === "Home", isCommand);
    if (isCommand && event.key === "Enter") return () => this.newName.focus();
    if (isCommand && event.key === "d") return () => this.copyFromAbove(cell);
    if (isCommand || event.altKey) return null;
    if (event.key === "Enter" || event.key === "F2") return () => this.open(cell);
    if (event.key === " ") return () => cell.parentNode.querySelector("[name=rij]").click();
    if (event.key === "/") return () => document.querySelector("[data-grid-search]").focus();
    if (event.key === "?") return () => this.keys.showModal();
    const isTyped = event.key.length === 1 && event.key !== " ";
    if (TYPED_IN.has(this.columnOf(cell).editor)) return isTyped ? () => this.edit(cell, event.key) : null;
    if (event.key === "n") return () => this.toLacking(cell, 1);
    return event.key === "p" ? () => this.toLacking(cell, -1) : null;
  }

  step(cell, down, right) {
    const rows = this.rows;
    const at = rows.indexOf(cell.parentNode) + down;
    if (at < 0 && rows[0] === cell.parentNode && down) this.newName.focus();
    else {
      const row = rows[Math.max(0, Math.min(rows.length - 1, at))];
      this.focus(row.cells[Math.max(0, Math.min(row.cells.length - 1, cell.cellIndex + right))]);
    }
  }

  // The next row, or the one before, of which something is still missing.
  toLacking(cell, step) {
    const [rows, column] = [this.rows, this.columns.findIndex((each) => each.field === "missing")];
    const isLacking = (row) => Boolean(row?.cells[column].dataset.raw);
    let at = rows.indexOf(cell.parentNode) + step;
    while (rows[at] && !isLacking(rows[at])) at += step;
    if (rows[at]) this.focus(rows[at].cells[cell.cellIndex]);
    const nothing = step > 0 ? this.words.complete : this.words.completeAbove;
    this.tell(rows[at] ? "" : nothing);
  }

  toEdge(cell, isFirst, isWhole) {
    const row = isWhole ? this.rows.at(isFirst ? 0 : -1) : cell.parentNode;
    this.focus(isFirst ? row.cells[0] : row.cells[row.cells.length - 1]);
  }

  open(cell) {
    const choice = this.saves.of(this.keyOf(cell.parentNode), this.columnOf(cell).field);
    if (choice?.refused === 409) this.conflictOf(choice)?.querySelector("button").focus();
    else if (this.columnOf(cell).editor) this.edit(cell);
    else cell.querySelector("a")?.click();
  }

  edit(cell, typed) {
    const column = this.columnOf(cell);
    if (!column.editor) return;
    const shown = this.shownIn(cell);
    const editor = this.editorOf(column);
    this.editing = { cell, column, editor, shown, before: [...cell.childNodes] };
    cell.replaceChildren(editor);
    if (column.editor === "several") {
      for (const each of editor.querySelectorAll("input")) each.checked = shown.includes(each.value);
      editor.querySelector("input").focus();
      editor.scrollIntoView({ block: "nearest", inline: "nearest" });
      return;
    }
    editor.value = typed ?? shown[0];
    editor.focus();
    if (typed === undefined) editor.select?.();
  }

  editorOf(column) {
    const offered = document.querySelector(`template[data-editor-of="${column.field}"]`);
    if (offered) return offered.content.firstElementChild.cloneNode(true);
    const label = this.table.tHead.querySelector(`[data-field="${column.field}"]`).textContent.trim();
    const editor = element(column.editor === "long" ? "textarea" : "input", "", { "aria-label": label, lang: "nl" });
    if (column.editor === "day") editor.type = "date";
    editor.className = "hub-map-editor";
    return editor;
  }

  typedIn({ column, editor }) {
    if (column.editor !== "several") return [editor.value.trim()];
    return [...editor.querySelectorAll("input:checked")].map((each) => each.value);
  }

  textOf({ column, editor }) {
    if (column.editor === "several")
      return [...editor.querySelectorAll("input:checked")].map((each) => each.parentNode.textContent.trim()).join(", ");
    if (column.editor === "choice") return editor.value ? editor.selectedOptions[0].textContent : "";
    if (column.editor === "day") return editor.value.split("-").reverse().join("-");
    return editor.value.trim();
  }

  // Half a day has no value: saved, it would make the cell empty.
  get isHalfTyped() {
    return Boolean(this.editing.editor.validity?.badInput);
  }

  // Ends editing: saved, or left as it was.
  leave(isSaved) {
    const editing = this.editing;
    this.editing = null;
    const { cell, column, shown } = editing;
    const [value, text] = [this.typedIn(editing), this.textOf(editing)];
    cell.replaceChildren(...editing.before);
    if (isSaved && !isSame(value, shown.map((each) => each.trim()))) this.change(cell, column, value, text);
  }

  change(cell, column, value, text) {
    const row = cell.parentNode;
    const change = { row: this.keyOf(row), field: column.field, value, text };
    Object.assign(change, { was: this.valueOf(cell), version: row.dataset.version });
    change.act = this.remember(change, { value: this.shownIn(cell), text: textIn(cell) });
    this.dropConflict(change);
    this.show(cell, text);
    this.saves.add(change);
  }

  show(cell, text) {
    const before = cell.dataset.raw ?? cell.textContent.trim();
    // Until the server answers, the cell remembers what the server has.
    if (cell.dataset.raw === undefined) cell.dataset.raw = before;
    cell.replaceChildren(text);
    cell.removeAttribute("aria-invalid");
  }

  pressedInEditor(event) {
    if (["Enter", "F2", "Tab"].includes(event.key) && this.isHalfTyped) {
      event.preventDefault();
      this.editing.editor.reportValidity();
      return;
    }
    const { cell, column } = this.editing;
    const isCommand = event.ctrlKey || event.metaKey;
    const move = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === "Escape") this.finish(event, cell, false);
    else if (event.key === "Enter" && isCommand) {
      this.finish(event, cell, true);
      this.newName.focus();
    } else if (event.key === "Enter" && !(column.editor === "long" && event.shiftKey)) this.finish(event, cell, true);
    else if (event.key === "F2") this.finish(event, cell, true);
    else if (event.key === "Tab") {
      this.finish(event, cell, true);
      this.editNext(cell, event.shiftKey ? -1 : 1);
    } else if (move && column.editor === "several") {
      event.preventDefault();
      const boxes = [...this.editing.editor.querySelectorAll("input")];
      boxes.at((boxes.indexOf(event.target) + move) % boxes.length).focus();
    }
    event.stopPropagation();
  }

  finish(event, cell, isSaved) {
    event.preventDefault();
    this.leave(isSaved);
    this.focus(cell);
  }

  editNext(cell, step) {
    const cells = [...cell.parentNode.cells].filter((each) => this.columnOf(each).editor && each.cellIndex);
    const next = cells[cells.indexOf(cell) + step];
    if (!next) return;
    this.focus(next);
    this.edit(next);
  }

  pressedInNewRow(event) {
    const isFilled = this.newName.value.trim() !== "";
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.focus(this.rows[0]?.cells[1]);
    } else if (event.key === "Escape") this.newName.value = "";
    else if (event.key === "Tab" && isFilled && !event.shiftKey) {
      event.preventDefault();
      this.add((row) => this.editNext(row.cells[1], 1));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const isNext = event.ctrlKey || event.metaKey;
      if (isFilled) this.add((row) => (isNext ? this.newName.focus() : this.focus(row.cells[1])));
    }
  }

  // Kept with its key: if the server did get it, a second try adds nothing.
  keepName() {
    const key = this.addForm.elements.namedItem("key").value;
    try {
      localStorage.setItem(`${this.saves.key}/new`, JSON.stringify({ name: this.newName.value, key }));
    } catch {
      // No room or not allowed: the name stands in its box alone.
    }
  }

  restoreName() {
    try {
      const kept = JSON.parse(localStorage.getItem(`${this.saves.key}/new`));
      if (!kept?.name || this.newName.value) return;
      this.newName.value = kept.name;
      this.addForm.elements.namedItem("key").value = kept.key;
    } catch {
      // Nothing was kept.
    }
  }

  async add(then, submitter) {
    if (this.adding) return;
    this.adding = this.addNow(then, submitter);
    await this.adding;
    this.adding = null;
  }

  // The name stays in its box until the server has it; the key makes a second try add nothing.
  async addNow(then, submitter) {
    const state = this.newRow.querySelector(".hub-map-grid__state");
    const typed = this.newName.value;
    this.mark(state, "saving");
    const { status, answer } = await this.saves.post(this.addForm.action, new FormData(this.addForm, submitter));
    if (status !== 200) {
      this.offer(answer.doubles ?? "");
      this.mark(state, "failed");
      this.refusedName(status === 422 ? answer.message : this.words[whyNot(status, "again", "broken")]);
      return false;
    }
    this.acts.add(answer.act);
    this.mark(state, "");
    this.refusedName("");
    if (this.newName.value === typed) this.newName.value = "";
    this.addForm.elements.namedItem("key").value = newKey();
    this.keepName();
    this.offer("");
    const row = this.place(this.parse(answer.row));
    this.mark(row.querySelector(".hub-map-grid__state"), "saved");
    this.tell(answer.message);
    then(row);
    return true;
  }

  // Shows a row as the server has it now: in its place, or else on top.
  place(fresh) {
    const known = this.row(this.keyOf(fresh));
    if (known) this.renew(known, fresh);
    else {
      this.doublesRow.after(fresh);
      this.prepare(fresh);
    }
    return known ?? fresh;
  }

  offer(html) {
    // Who is choosing is not moved.
    if (html && this.doublesRow.contains(document.activeElement)) return;
    this.doublesRow.querySelector("[data-doubles]").innerHTML = html;
    this.doublesRow.hidden = html === "";
  }

  refusedName(sentence) {
    this.newRow.querySelector("[data-grid-refused]").textContent = sentence;
    if (sentence) this.newName.setAttribute("aria-invalid", "true");
    else this.newName.removeAttribute("aria-invalid");
    this.newName.setAttribute("aria-describedby", "refused");
    if (sentence) this.tell(sentence);
  }

  copyFromAbove(cell) {
    const above = cell.parentNode.previousElementSibling?.cells[cell.cellIndex];
    const column = this.columnOf(cell);
    if (!above || above.parentNode === this.newRow || !column.editor || NOT_COPIED.has(column.field)) return;
    const value = this.shownIn(above);
    if (!isSame(value, this.shownIn(cell))) this.change(cell, column, value, textIn(above));
  }

  async undo() {
    // Who undoes a row that is being added, means that one and nothing before it.
    if (this.adding && !(await this.adding)) return;
    const last = this.acts.take();
    if (!last) this.tell(this.words.nothing);
    else if (last.kind === "imported") this.tellOfImport(last);
    else if (last.kind) this.saves.queue({ row: last.row, undo: last, isUndo: true });
    else this.undoCell(last);
  }

  // As a whole, on its own page; pressed once more, the act before it is undone.
  tellOfImport(act) {
    this.tell(this.words.imported);
    this.status.append(" ", element("a", this.words.openImport, { href: act.address }));
    // Pressed at the top of the page, it would be read by nobody.
    this.status.scrollIntoView({ block: "nearest", behavior: "instant" });
  }

  // Only over what was saved then: what somebody wrote since is a newer version, and stays.
  undoCell(act) {
    const change = { row: act.row, field: act.field, ...act.prior, was: act.value, isUndo: true, what: act.what };
    change.version = this.row(act.row)?.dataset.version ?? act.version;
    this.dropConflict(change);
    const cell = this.cell(act);
    if (cell) {
      this.focus(cell);
      this.show(cell, change.text);
    }
    this.saves.add(change);
  }

  address(change) {
    return (change.undo ? this.words.undo : this.words.save).replace(NO_ROW, change.row);
  }

  bodyOf(change) {
    const body = new FormData();
    if (change.undo) {
      for (const name of ["kind", "at", "merge"]) body.set(name, change.undo[name] ?? "");
      body.set("next", this.words.next);
      for (const [name, { value, was }] of Object.entries(change.undo.fields ?? {})) {
        body.append("field", name);
        for (const each of value) body.append(`value-${name}`, each);
        for (const each of was) body.append(`was-${name}`, each);
      }
      body.set("seen_version", this.row(change.row)?.dataset.version ?? "");
      return body;
    }
    body.set("field", change.field);
    // Who publishes shows all of the row, as it stands here now; a cell is compared by what stood in it.
    const isPublished = change.field === "public" && change.value[0] === "yes";
    body.set("seen_version", (isPublished && this.row(change.row)?.dataset.version) || change.version);
    body.set("next", this.words.next);
    for (const each of change.value) body.append("value", each);
    for (const each of change.was.length ? change.was : [""]) body.append("was", each);
    return body;
  }

  say(change, state, problem) {
    const row = this.row(change.row);
    const cell = this.cell(change);
    if (cell && this.editing?.cell !== cell) this.show(cell, change.text);
    if (row) this.mark(row.querySelector(".hub-map-grid__state"), state);
    if (problem) this.tell(this.words[problem]);
  }

  // What this device kept stands again where it was typed, beside what the server has now.
  restored(change) {
    if (change.undo) return;
    const cell = this.cell(change);
    if (!cell) {
      // Off this map, or else on another page of the list or by another filter.
      if (change.refused === 404) this.showLost(change);
      else this.tell(this.words.elsewhere);
      return;
    }
    const kept = { raw: cell.dataset.raw ?? cell.textContent.trim(), text: textIn(cell) };
    if (isSame(this.valueOf(cell), change.value)) this.saves.done(change);
    else {
      // What was typed in a tab that is closed, can be undone here.
      if (!change.isUndo && !this.acts.find(change.act)) change.act = this.remember(change, { value: change.was, text: kept.text });
      this.say(change, "failed");
      if (change.refused) cell.setAttribute("aria-invalid", "true");
      if (change.refused === 409) this.showConflict(Object.assign(change, { kept }));
    }
  }

  mark(place, state) {
    place.dataset.state = state;
    place.textContent = state ? this.words[state] : "";
  }

  tell(sentence) {
    if (this.status.textContent !== sentence) this.status.textContent = sentence;
  }

  answered(change, status, answer) {
    if (change.isUndo) {
      this.answeredUndo(change, status, answer);
      return;
    }
    const row = this.row(change.row);
    if (answer.row && row) {
      this.renew(row, this.parse(answer.row));
    }
    if (!row) return;
    this.mark(row.querySelector(".hub-map-grid__state"), status === 200 ? "saved" : "failed");
    if (answer.message) this.tell(answer.message);
    else if (status === 404) this.tell(this.words.lost);
    if (status === 200 || this.saves.of(change.row, change.field) !== change) return;
    this.cell(change).setAttribute("aria-invalid", "true");
    if (status === 409) this.showConflict(change);
  }

  answeredUndo(change, status, answer) {
    const rows = answer.row ? [answer.row] : (answer.rows ?? []);
    for (const key of answer.gone ?? []) this.takeAway(this.row(key));
    for (const html of rows) {
      const fresh = this.parse(html);
      // One that is not shown here stays so, unless it came back.
      const isBack = change.undo && change.undo.kind !== "changed";
      if (!isBack && !this.row(this.keyOf(fresh))) continue;
      const row = this.place(fresh);
      this.mark(row.querySelector(".hub-map-grid__state"), status === 200 ? "saved" : "");
      if (!change.undo) continue;
      document.querySelector(`[data-removed="${this.keyOf(row)}"]`)?.remove();
      this.focus(row.cells[1]);
    }
    if (change.undo) this.tell(answer.message ?? this.words.gone);
    else if (status === 200) this.tell(`${this.words.undone}: ${change.what}`);
    else if (status === 409) this.tell(`${this.words.notUndone}: ${change.what} (${this.words.by} ${answer.by})`);
    else this.tell(answer.message ?? this.words.gone);
  }

  takeAway(row) {
    if (!row) return;
    for (const each of this.saves.waiting.filter((one) => one.row === this.keyOf(row))) {
      this.saves.done(each);
      this.dropConflict(each);
    }
    const next = row.nextElementSibling ?? row.previousElementSibling;
    const hadFocus = row.contains(document.activeElement) || document.activeElement === document.body;
    row.remove();
    if (hadFocus && next?.id) this.focus(next.cells[1]);
    else if (hadFocus) this.newName.focus();
  }

  // Returns the mark of the act by which it is undone. What was refused was never done: what stood there before it counts.
  remember(change, shown) {
    const earlier = this.saves.of(change.row, change.field);
    const refused = earlier?.refused ? this.acts.find(earlier.act) : null;
    const prior = refused?.prior ?? shown;
    if (refused) this.acts.drop(refused);
    const { row, field, value, version } = change;
    const heading = this.table.tHead.querySelector(`[data-field="${field}"]`).textContent.trim();
    const what = `${this.row(row).querySelector("th").textContent.trim()}, ${heading}`;
    const act = { id: newKey(), row, field, value, version, prior, what };
    this.acts.add(act);
    return act.id;
  }

  parse(html) {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    return holder.content.querySelector("tr");
  }

  // Shows the row as the server has it, but for what is being typed or waits to be saved.
  renew(row, fresh) {
    row.dataset.version = fresh.dataset.version;
    for (const cell of [...row.cells].slice(1)) {
      const now = fresh.cells[cell.cellIndex];
      const waiting = this.saves.of(this.keyOf(row), this.columnOf(cell).field);
      const raw = now.dataset.raw ?? now.textContent.trim();
      if (waiting) {
        waiting.kept = { raw, text: textIn(now) };
        continue;
      }
      if (this.editing?.cell === cell) continue;
      if (now.dataset.raw === undefined) delete cell.dataset.raw;
      else cell.dataset.raw = now.dataset.raw;
      cell.replaceChildren(...now.childNodes);
      cell.removeAttribute("aria-invalid");
      for (const each of cell.querySelectorAll("a, button")) each.tabIndex = -1;
    }
  }

  // What nobody can save any more: shown until who typed it needs it no longer.
  showLost(change) {
    const id = `newer-${change.row}-${change.field}`;
    const box = element("section", "", { id, class: "hub-newer", "aria-labelledby": `${id}-title` });
    const label = this.table.tHead.querySelector(`[data-field="${change.field}"]`).textContent.trim();
    box.append(element("h2", this.words.unsaved, { id: `${id}-title`, class: "hub-newer__title" }));
    box.append(element("p", `${label}: ${change.text || "–"}`));
    const style = "utrecht-button utrecht-button--small utrecht-button--secondary-action";
    const letGo = element("button", this.words.letGo, { type: "button", class: style });
    letGo.addEventListener("click", () => {
      this.saves.done(change);
      box.remove();
      (this.rows[0]?.cells[1] ?? this.newName).focus();
    });
    box.append(letGo);
    this.conflicts.append(box);
  }

  conflictOf(change) {
    return document.getElementById(`newer-${change.row}-${change.field}`);
  }

  dropConflict(change) {
    this.conflictOf(change)?.remove();
  }

  showConflict(change) {
    this.dropConflict(change);
    const id = `newer-${change.row}-${change.field}`;
    const box = element("section", "", { id, class: "hub-newer", "aria-labelledby": `${id}-title` });
    const label = this.table.tHead.querySelector(`[data-field="${change.field}"]`).textContent.trim();
    const name = this.row(change.row).querySelector("th").textContent.trim();
    box.append(element("h2", `${name}: ${label}`, { id: `${id}-title`, class: "hub-newer__title" }));
    const kept = change.kept ?? { raw: "", text: "" };
    box.append(element("p", `${this.words.kept}: ${kept.text || "–"} (${this.words.by} ${change.by})`));
    box.append(element("p", `${this.words.typed}: ${change.text || "–"}`));
    const style = "utrecht-button utrecht-button--small";
    const mine = element("button", this.words.replace, { type: "button", class: `${style} utrecht-button--primary-action` });
    const theirs = element("button", this.words.keep, { type: "button", class: `${style} utrecht-button--secondary-action` });
    mine.addEventListener("click", () => this.settle(change, kept, true));
    theirs.addEventListener("click", () => this.settle(change, kept, false));
    box.append(mine, " ", theirs);
    this.conflicts.append(box);
  }

  settle(change, kept, isMine) {
    this.saves.done(change);
    const refused = this.acts.find(change.act);
    if (refused) this.acts.drop(refused);
    this.dropConflict(change);
    const cell = this.cell(change);
    cell.dataset.raw = kept.raw;
    cell.replaceChildren(kept.text);
    cell.removeAttribute("aria-invalid");
    this.mark(cell.parentNode.querySelector(".hub-map-grid__state"), isMine ? "saving" : "saved");
    this.focus(cell);
    if (isMine) this.change(cell, this.columnOf(cell), change.value, change.text);
  }
}

const table = document.querySelector("[data-grid]");
if (table) new Grid(table).start();
