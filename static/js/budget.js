// Lets one write a budget as in a spreadsheet (templates/applications/parts/budget_grid.html): sums while one types, Enter and
// the arrows from line to line, cells pasted from Excel or LibreOffice. Without this file the same form adds up when it is saved.

const NUMBERS = ["hours", "rate", "amount"];
const STEPS = { ArrowUp: -1, ArrowDown: 1 };
const SOON = 700;
// What the server reads, see hubportal/kernel/money.py.
const DUTCH = /^(\d{1,3}(?:\.\d{3})+|\d+)(?:,(\d{1,2}|-|--))?$/;
const PLAIN = /^(\d+)\.(\d{1,2})$/;
const ENGLISH = /^(\d{1,3}(?:,\d{3})+)(?:\.(\d{1,2}))?$/;
const SLIP = /^\d+,\d{3}$/;
const HOURS = /\s*(?:uur|uren|u|hours?|hrs?|h)\.?\s*$/i;
const MOST_OF_A_LINE = 3333333333n;
const MOST_HOURS = 99999999n;
// A longer one is no amount, and takes long to compute with.
const LONGEST = 40;

const isEnglish = document.documentElement.lang === "en";

const cents = (whole, part = "") => BigInt(whole) * 100n + BigInt(part.padEnd(2, "0"));

// Cents, or null for what is no amount.
function parse(typed) {
  const text = typed.replaceAll(/[\s€]|EUR/g, "");
  if (text.length > LONGEST) return null;
  let found = text.match(DUTCH);
  if (found) return cents(found[1].replaceAll(".", ""), (found[2] ?? "").replaceAll("-", ""));
  found = text.match(PLAIN);
  if (found) return cents(found[1], found[2]);
  found = text.match(ENGLISH);
  if (found && (isEnglish || !SLIP.test(text))) return cents(found[1].replaceAll(",", ""), found[2] ?? "");
  return null;
}

// As the reader writes it: € 12.500,00 or €12,500.00.
function euros(amount) {
  const [sign, figures] = amount < 0n ? ["-", String(-amount)] : ["", String(amount)];
  const padded = figures.padStart(3, "0");
  const [thousand, point] = isEnglish ? [",", "."] : [".", ","];
  const whole = padded.slice(0, -2).replaceAll(/\B(?=(\d{3})+$)/g, thousand);
  return `${isEnglish ? "€" : "€\u00a0"}${sign}${whole}${point}${padded.slice(-2)}`;
}

const filledIn = (words, values) => words.replaceAll(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
}

// Rows of cells, as spreadsheets put them on the clipboard: a cell with a tab, a line end or a quote stands in quotes.
function cellsOf(text) {
  const rows = [[]];
  const cell = /(?:"((?:[^"]|"")*)"|([^\t\n]*))(\t|\n|$)/gy;
  const whole = text.replaceAll(/\r\n?/g, "\n").replace(/\n+$/, "");
  for (let found = cell.exec(whole); found; found = cell.exec(whole)) {
    const value = found[1]?.replaceAll('""', '"') ?? found[2];
    rows.at(-1).push(value.replaceAll(/\s+/g, " ").trim());
    if (found[3] === "\n") rows.push([]);
    if (found[3] === "") break;
  }
  return rows.filter((row) => row.some(Boolean));
}

class Line {
  constructor(element) {
    this.element = element;
    this.product = element.querySelector("[data-product]");
    this.note = element.querySelector("[data-line-note]");
    this.key = element.querySelector("[data-line-key]");
    this.whose = element.querySelector("[data-line-whose]");
  }

  box(name) {
    return this.element.querySelector(`[name$="-${name}"]`);
  }

  value(name) {
    return this.box(name).value.trim();
  }

  get isEmpty() {
    return ["heading", "participation", "description", ...NUMBERS].every((name) => !this.value(name));
  }

  get isGoing() {
    return this.box("DELETE").checked;
  }

  // Cents of what the line comes to, null for nothing, or what is wrong with it in ``unread``.
  read() {
    const typed = Object.fromEntries(NUMBERS.map((name) => [name, this.value(name)]));
    const hours = parse(typed.hours.replace(HOURS, ""));
    const [rate, amount] = [parse(typed.rate), parse(typed.amount)];
    const isTimes = Boolean(typed.hours && typed.rate);
    const product = isTimes && hours !== null && rate !== null ? (hours * rate + 50n) / 100n : null;
    const unread = [
      ...(typed.hours && (hours === null || hours === 0n || hours > MOST_HOURS) ? ["hours"] : []),
      ...(typed.rate && (rate === null || rate === 0n) ? ["rate"] : []),
      ...(typed.amount && (amount === null || amount === 0n || amount > MOST_OF_A_LINE) ? ["amount"] : []),
    ];
    const isBoth = product !== null && Boolean(typed.amount) && amount !== product;
    const isHalf = Boolean(typed.hours) !== Boolean(typed.rate);
    const sum = product ?? (isTimes ? null : amount);
    const counts = !unread.length && !isBoth && !isHalf && sum !== null && sum > 0n && sum <= MOST_OF_A_LINE;
    return { product, unread, isBoth, isShown: product !== null && !typed.amount, sum: counts ? sum : null };
  }

  show(words) {
    const read = this.read();
    this.element.classList.toggle("hub-budget__line--empty", this.isEmpty && !this.isGoing);
    this.element.classList.toggle("hub-budget__line--product", read.isShown);
    const told = read.product === null ? "" : `= ${euros(read.product)}`;
    if (this.product.textContent !== told) this.product.textContent = told;
    const member = this.box("participation");
    const named = [member.value && member.selectedOptions[0]?.textContent.trim(), this.value("description")];
    const whose = named.filter(Boolean).join(", ");
    if (this.named !== whose) this.whose.textContent = whose && `: ${whose}`;
    this.named = whose;
    for (const name of NUMBERS) this.box(name).toggleAttribute("data-is-unread", read.unread.includes(name));
    this.tell(words, read);
    return this.isGoing ? null : read.sum;
  }

  // Not about the box in which somebody still types.
  tell(words, { unread, isBoth }) {
    const labels = unread
      .filter((name) => this.box(name) !== document.activeElement)
      .map((name) => `${this.box(name).labels[0].textContent}: ${words.unread}`);
    if (isBoth) labels.push(words.both);
    const told = labels.join(" · ");
    if (this.note.textContent !== told) this.note.textContent = told;
    this.note.hidden = !told;
  }
}

class Budget {
  constructor(list) {
    this.list = list;
    this.form = list.closest("form");
    this.words = list.dataset;
    this.known = new Map();
    this.sums = document.getElementById("budget-sums");
    this.told = this.form.querySelector("[data-lines-told]");
    this.timer = 0;
  }

  start() {
    this.form.querySelector("[data-lines-script]").hidden = false;
    if (this.sums) {
      // Told of what is typed from now on, so that what was saved does not come in its place.
      this.sums.removeAttribute("data-fresh");
      const title = this.sums.querySelector("[data-sums-title]");
      title.textContent = title.dataset.asTyped;
    }
    // Before what saves: a line that was typed in has a key, and keeps it.
    this.form.addEventListener("input", (event) => this.typed(event), { capture: true });
    this.form.addEventListener("autosave:restored", () => this.add());
    this.list.addEventListener("focusout", () => this.add());
    this.list.addEventListener("keydown", (event) => this.pressed(event));
    this.list.addEventListener("paste", (event) => this.pasted(event));
    this.add();
  }

  get lines() {
    return [...this.list.querySelectorAll("[data-line]")].map((element) => {
      if (!this.known.has(element)) this.known.set(element, new Line(element));
      return this.known.get(element);
    });
  }

  lineOf(element) {
    return this.known.get(element.closest("[data-line]")) ?? new Line(element.closest("[data-line]"));
  }

  typed(event) {
    const element = event.target.closest("[data-line]");
    if (element && event.target.name) {
      const line = this.lineOf(event.target);
      if (!line.key.value && !line.isEmpty) line.key.value = newKey();
    }
    this.add();
  }

  add() {
    const [headings, members] = [new Map(), new Map()];
    let total = 0n;
    for (const line of this.lines) {
      const sum = line.show(this.words);
      if (sum === null) continue;
      const [heading, member] = [line.value("heading"), line.value("participation")];
      const isContribution = this.sums?.querySelector(`[data-sum-heading="${heading}"]`)?.hasAttribute("data-is-contribution");
      const signed = isContribution ? -sum : sum;
      total += signed;
      headings.set(heading, (headings.get(heading) ?? 0n) + sum);
      members.set(member, (members.get(member) ?? 0n) + signed);
    }
    if (this.sums) this.showSums(headings, members, total);
  }

  showSums(headings, members, total) {
    for (const each of this.sums.querySelectorAll("[data-sum-heading]")) {
      const sum = headings.get(each.dataset.sumHeading) ?? 0n;
      each.textContent = `${each.hasAttribute("data-is-contribution") && sum ? "−\u00a0" : ""}${euros(sum)}`;
    }
    for (const each of this.sums.querySelectorAll("[data-sum-member]")) {
      each.textContent = euros(members.get(each.dataset.sumMember) ?? 0n);
    }
    this.sums.querySelector("#shares .hub-total td:last-child").textContent = euros(total);
    const most = parse(this.words.ceiling);
    const used = total < 0n ? 0n : (total * 100n) / most;
    this.sums.querySelector("[data-room-used]").setAttribute("width", String(used > 100n ? 100n : used));
    // Read aloud once somebody pauses.
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.showRoom(total, most), SOON);
  }

  showRoom(total, most) {
    const room = this.sums.querySelector("[data-room]");
    let [words, rest] = [this.words.roomWithin, most - total];
    if (total < 0n) [words, rest] = [this.words.roomBelow, -total];
    else if (total > most) [words, rest] = [this.words.roomAbove, total - most];
    else if (total === 0n) words = this.words.roomNothing;
    const told = filledIn(words, { total: euros(total), most: euros(most), rest: euros(rest) });
    if (room.textContent !== told) room.textContent = told;
  }

  // Enter and the arrows go to the same box of another line; nothing is sent.
  pressed(event) {
    if (!event.target.matches("input:not([type=checkbox])") || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const step = event.key === "Enter" ? (event.shiftKey ? -1 : 1) : STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    this.go(event.target, step, event.key === "Enter");
  }

  go(box, step, adds) {
    const name = box.name.split("-").at(-1);
    const lines = this.lines;
    for (let at = lines.indexOf(this.lineOf(box)) + step; at >= 0; at += step) {
      const line = lines[at] ?? (adds && step > 0 ? this.addLine() : null);
      if (!line) return;
      // Where hours and a rate stand, there is no box for an amount.
      const next = line.box(name);
      if (!next.checkVisibility()) continue;
      next.focus();
      next.select();
      return;
    }
  }

  addLine() {
    if (this.lines.length >= Number(this.words.most)) return null;
    this.form.dispatchEvent(new Event("lines:add"));
    return this.lines.at(-1);
  }

  pasted(event) {
    const text = event.clipboardData?.getData("text/plain") ?? "";
    const rows = cellsOf(text);
    // One cell is pasted where one types.
    if (!event.target.name || (!text.includes("\t") && rows.length < 2)) return;
    event.preventDefault();
    this.fill(event.target, rows);
  }

  fill(box, pasted) {
    const first = box.name.split("-").at(-1);
    const titles = [...this.list.querySelectorAll(".hub-budget__head > span")].map((each) => each.textContent.trim());
    const rows = pasted.filter((row) => !(row.length > 1 && row.every((cell) => !cell || titles.includes(cell))));
    const width = Math.max(...rows.map((row) => row.findLastIndex(Boolean) + 1));
    const columns = columnsFrom(first, width);
    const start = this.lineOf(box);
    let at = this.lines.indexOf(start);
    let [count, before] = [0, this.lines[at - 1]];
    if (!start.isEmpty) before = start;
    const [unknown, sums] = [[], rows.filter(isSum).length];
    let isCopied = false;
    for (const row of rows.filter((each) => !isSum(each))) {
      const values = Object.fromEntries(columns.map((name, place) => [name, row[place] ?? ""]));
      // A row of a heading and an organisation alone is one that nobody filled in.
      if (columns.length > 2 && columns.slice(2).every((name) => !values[name]) && first === "heading") continue;
      const line = this.lines[at] ?? this.addLine();
      if (!line) break;
      isCopied = put(line, values, before, unknown) || isCopied;
      [at, count, before] = [at + 1, count + 1, line];
    }
    this.told.textContent = [
      this.toldOf(count, rows.length - sums - count),
      sums && this.words.sums,
      isCopied && this.words.copied,
      unknown.length > 0 && filledIn(this.words.unknown, { words: [...new Set(unknown)].join(", ") }),
    ]
      .filter(Boolean)
      .join(" ");
    this.form.dispatchEvent(new Event("input", { bubbles: true }));
    this.lines[Math.max(at - 1, 0)]?.box(first).focus();
  }

  toldOf(count, left) {
    const pasted = filledIn(this.words.pasted, { count });
    const isFull = left > 0 && this.lines.length >= Number(this.words.most);
    return isFull ? `${pasted} ${filledIn(this.words.tooMany, { most: this.words.most, count: left })}` : pasted;
  }
}

// Which boxes cells go to, by the box where they are pasted and how many there are in a row.
function columnsFrom(first, width) {
  const columns = ["heading", "participation", "description", ...NUMBERS];
  const from = columns.slice(columns.indexOf(first));
  // Of description and what comes behind it: an amount alone, or hours and a rate, or all of it.
  const rest = width - from.indexOf("description");
  if (from.includes("description") && rest === 2) return [...from.slice(0, from.indexOf("description") + 1), "amount"];
  return from.slice(0, width);
}

// A row that adds up others is no line: it would count twice.
const isSum = (row) => /^(sub)?tota+l/i.test(row.find(Boolean)?.trim() ?? "");

// Returns whether something was taken from the line above.
function put(line, values, before, unknown) {
  if (!line.key.value) line.key.value = newKey();
  const isProduct = values.hours && values.rate;
  for (const [name, value] of Object.entries(values)) {
    const box = line.box(name);
    if (box.localName === "select") choose(box, value, unknown);
    // What the spreadsheet computed is computed here too.
    else if (name === "amount" && isProduct && isComputed(values)) box.value = "";
    else box.value = value;
  }
  if (isProduct && values.amount === undefined) line.box("amount").value = "";
  // Like the line above, where the cells do not say.
  let isCopied = false;
  for (const name of ["heading", "participation"]) {
    if (line.value(name) || values[name] || !before?.value(name)) continue;
    line.box(name).value = before.value(name);
    isCopied = true;
  }
  return isCopied;
}

function isComputed({ hours, rate, amount }) {
  const [one, other, sum] = [parse(hours.replace(HOURS, "")), parse(rate), parse(amount)];
  return !amount || (one !== null && other !== null && sum === (one * other + 50n) / 100n);
}

// Also where a spreadsheet has no accents.
const plain = (text) => text.normalize("NFD").replaceAll(/\p{M}/gu, "").trim().toLowerCase();

function choose(box, value, unknown) {
  const found = [...box.options].find((each) => each.value && plain(each.textContent) === plain(value));
  if (found || value) box.value = found?.value ?? "";
  if (!found && value) unknown.push(value);
}

const list = document.querySelector("[data-lines-list][data-ceiling]");
if (list) new Budget(list).start();
