// Small improvements for every page. Each is optional: without this file all pages work.

function foldMenu(header) {
  const button = header.querySelector("[data-menu-button]");
  if (!button || !header.querySelector(".hub-navigation, .hub-tools")) return;
  const show = (open) => {
    header.classList.toggle("hub-header--expanded", open);
    header.classList.toggle("hub-header--collapsed", !open);
    button.setAttribute("aria-expanded", String(open));
  };
  button.hidden = false;
  button.addEventListener("click", () => show(button.getAttribute("aria-expanded") !== "true"));
  show(false);
}

const PATIENCE_IN_MILLISECONDS = 8000;

function release(form) {
  delete form.dataset.submitting;
  for (const button of form.querySelectorAll("button[aria-disabled=true]")) button.removeAttribute("aria-disabled");
}

// Logging in again, in another tab, made a new token; the cookie has it, and this page the one of before.
function renewToken(form) {
  const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  const field = form.elements.namedItem("csrfmiddlewaretoken");
  if (!token || !field) return;
  // The one that this page came with is of no other page: by it the server knows a second click from another page's first.
  if (!form.elements.namedItem("page_mark")) addHidden(form, "page_mark", field.value);
  field.value = token[1];
}

function addHidden(form, name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  form.append(field);
}

// With the new token goes whose page this is: the server does nothing of it in the name of who logged in since.
function sayWhose(form) {
  const owner = document.body.dataset.pageOf;
  if (!owner || form.method !== "post" || form.elements.namedItem("page_of")) return;
  addHidden(form, "page_of", owner);
}

// The server is what keeps a second click from doing anything; this only spares people the doubt.
function ignoreSecondSubmit(event) {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.submitting) {
    event.preventDefault();
    return;
  }
  renewToken(form);
  sayWhose(form);
  form.dataset.submitting = "true";
  for (const button of form.querySelectorAll("button[type=submit]")) button.setAttribute("aria-disabled", "true");
  // An answer that is a download leaves the page as it is.
  setTimeout(release, PATIENCE_IN_MILLISECONDS, form);
}

// A page that comes back from the browser's memory must be usable again.
function releaseAll() {
  document.querySelectorAll("form[data-submitting]").forEach(release);
}

// Half a day or a number with letters in it is sent as nothing, as if the field had been left empty: only the browser knows.
function stopHalfTyped(event) {
  if (event.submitter?.formNoValidate) return;
  const half = [...event.target.elements].find((each) => each.validity?.badInput);
  if (!half) return;
  event.preventDefault();
  event.stopPropagation();
  half.reportValidity();
}

// Logging out leaves nothing of what was typed on this device. Scripts with something that the server does not have, add
// to the event a promise whether it got there; where it did not, that is said once, and a second press logs out.
async function saveFirst(event) {
  const form = event.target;
  if (!form.matches("[data-unsaved]") || form.dataset.warned) return;
  const asked = new CustomEvent("leaving", { detail: [] });
  document.dispatchEvent(asked);
  if (!asked.detail.length) return;
  event.preventDefault();
  if ((await Promise.all(asked.detail)).every(Boolean)) {
    form.requestSubmit();
    return;
  }
  form.dataset.warned = "true";
  form.querySelector("[role=status]").textContent = form.dataset.unsaved;
}

document.querySelectorAll("[data-menu]").forEach(foldMenu);
document.querySelectorAll("[data-with-script]").forEach((each) => each.removeAttribute("hidden"));
document.querySelector("[data-error-summary]")?.focus();
document.addEventListener("submit", stopHalfTyped, { capture: true });
document.addEventListener("submit", saveFirst);
document.addEventListener("submit", ignoreSecondSubmit);
window.addEventListener("pageshow", (event) => event.persisted && releaseAll());
