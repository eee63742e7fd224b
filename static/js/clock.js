// Shows the server's time and what is left until a deadline, and renews the parts of a page that depend on it
// (data-by-the-clock, each with an id) when a deadline passes, and when somebody comes back to the page. Without this file
// the page says what it was when it was made; the server judges by its own clock either way.

const A_SECOND = 1000;
const A_MINUTE = 60 * A_SECOND;
const UNITS = [
  ["day", 86400],
  ["hour", 3600],
  ["minute", 60],
  ["second", 1],
];
const language = document.documentElement.lang || "nl";
const time = new Intl.DateTimeFormat(language, { timeStyle: "medium", timeZone: "Europe/Amsterdam" });
const list = new Intl.ListFormat(language, { type: "conjunction", style: "long" });

// By how much the server is ahead of this device, whose clock may be wrong. From the moment the page was asked for, so
// that nobody is shown more time than there is.
function aheadBy(line, askedAt) {
  return Number(line.dataset.now) * A_SECOND - askedAt;
}

function leftInWords(seconds) {
  const words = [];
  let rest = seconds;
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    // Two units tell enough: days and hours, or minutes and seconds.
    if (count && words.length < 2) {
      words.push(new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(count));
    }
  }
  return list.format(words);
}

class Clock {
  constructor() {
    // The device's clock when the page was asked for, also where it came from the memory of the browser.
    this.ahead = aheadBy(this.line, performance.timeOrigin + (performance.getEntriesByType("navigation")[0]?.requestStart ?? 0));
    this.renewedAt = Date.now();
    this.isOver = false;
    this.timer = setInterval(() => this.tick(), A_SECOND);
    document.addEventListener("visibilitychange", () => this.comeBack());
    this.tick();
  }

  get line() {
    return document.querySelector("[data-clock]");
  }

  get now() {
    return Date.now() + this.ahead;
  }

  tick() {
    const line = this.line;
    if (!line) return;
    const seconds = Math.ceil(Number(line.dataset.until) - this.now / A_SECOND);
    if (seconds > 0) {
      this.isOver = false;
      line.textContent = line.dataset.words
        .replace("{time}", time.format(this.now))
        .replace("{left}", leftInWords(seconds));
      return;
    }
    if (!this.isOver) {
      this.isOver = true;
      line.textContent = line.dataset.over;
      this.renew();
    }
  }

  comeBack() {
    if (document.visibilityState === "visible" && Date.now() - this.renewedAt > A_MINUTE) this.renew();
  }

  async renew() {
    const askedAt = Date.now();
    this.renewedAt = askedAt;
    const response = await fetch(window.location.href, { credentials: "same-origin" }).catch(() => null);
    if (!response?.ok || response.redirected) return;
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    for (const part of document.querySelectorAll("[data-by-the-clock]")) this.take(part, page.getElementById(part.id));
    if (this.line) this.ahead = aheadBy(this.line, askedAt);
    this.tick();
  }

  // What somebody saw stays what they send: of a form only its words and its round are renewed.
  take(part, renewed) {
    if (!renewed) return;
    const seen = part.querySelector("input[name=seen]")?.value;
    part.replaceChildren(...renewed.childNodes);
    const field = part.querySelector("input[name=seen]");
    if (field && seen !== undefined) field.value = seen;
  }
}

if (document.querySelector("[data-clock]")) new Clock();
