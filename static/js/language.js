// Takes what stands in the forms of a page along to the same page in another language. Forms that save by themselves keep
// it already (autosave.js). Without this file the links work, and what was typed has to be sent first.

const KEY = "hubportaal/typed-in-another-language";
const LEFT_BEHIND = new Set(["submit", "button", "reset", "image", "file", "password", "fieldset", "output"]);

function controls(form) {
  return [...form.elements].filter(
    (each) => each.name && each.name !== "csrfmiddlewaretoken" && !LEFT_BEHIND.has(each.type),
  );
}

function isTicked(control) {
  return ["checkbox", "radio"].includes(control.type);
}

// A form is known by its fields; rows that were added make it another one.
function fingerprint(form) {
  return controls(form)
    .map((each) => (isTicked(each) ? `${each.name}=${each.value}` : each.name))
    .join(" ");
}

function forms() {
  return [...document.querySelectorAll("main form:not([data-autosave])")].filter((each) => controls(each).length);
}

function keep(event) {
  if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  const typed = forms().map((form) => ({
    form: fingerprint(form),
    values: controls(form).map((each) => (isTicked(each) ? each.checked : each.value)),
  }));
  const target = new URL(event.currentTarget.href);
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ page: target.pathname + target.search, typed }));
  } catch {
    // No room or not allowed: the page is shown as it was saved.
  }
}

function kept() {
  try {
    const found = JSON.parse(sessionStorage.getItem(KEY));
    sessionStorage.removeItem(KEY);
    return found?.page === window.location.pathname + window.location.search ? found.typed : [];
  } catch {
    return [];
  }
}

function putBack(typed) {
  const waiting = forms();
  for (const { form: known, values } of typed) {
    const place = waiting.findIndex((each) => fingerprint(each) === known);
    if (place < 0) continue;
    const [form] = waiting.splice(place, 1);
    controls(form).forEach((each, index) => {
      if (isTicked(each)) each.checked = values[index];
      else each.value = values[index];
    });
    form.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

putBack(kept());
for (const link of document.querySelectorAll("[data-language-switch]")) link.addEventListener("click", keep);
