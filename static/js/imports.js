// Helps with an import (templates/imports): looks again while the portal works on it, and lets one choose for the rows with
// the keys 1, 2 and 3. Without this file a link looks again, and the rows are a form.

const LOOK_AGAIN = 4000;

if (document.querySelector("[data-import-waits]")) setTimeout(() => location.reload(), LOOK_AGAIN);

class Rows {
  constructor(form) {
    this.rows = [...form.querySelectorAll("[data-import-row]")];
    form.addEventListener("keydown", (event) => this.pressed(event));
    const hint = form.querySelector("[data-import-hint]");
    if (hint) hint.hidden = false;
  }

  pressed(event) {
    const isTyping = event.target.matches("input:not([type=radio], [type=checkbox]), textarea, select");
    if (isTyping || event.ctrlKey || event.altKey || event.metaKey || !"123".includes(event.key)) return;
    const row = event.target.closest("[data-import-row]");
    const radio = row?.querySelector(`input[type=radio][value="${event.key}"]`);
    if (!radio) return;
    event.preventDefault();
    radio.checked = true;
    const next = this.rows[this.rows.indexOf(row) + 1];
    (next?.querySelector("input[type=radio]:checked, input[type=radio]") ?? next ?? radio).focus();
  }
}

const form = document.querySelector("[data-import-rows]");
if (form) new Rows(form);
