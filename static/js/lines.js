// Adds a line to a table of lines without a trip to the server. Without this file the button asks the server for more.

const form = document.querySelector("form[data-lines]");
const list = form?.querySelector("[data-lines-list]");
const template = form?.querySelector("[data-lines-template]");
const total = form?.querySelector(`input[name="${form.dataset.lines}-TOTAL_FORMS"]`);

function addLine() {
  const index = Number(total.value);
  const line = template.content.firstElementChild.cloneNode(true);
  for (const element of line.querySelectorAll("*")) {
    for (const attribute of element.attributes) {
      attribute.value = attribute.value.replaceAll("__prefix__", index);
    }
  }
  line.querySelector("[data-line-number]").textContent = index + 1;
  list.append(line);
  total.value = index + 1;
  return line;
}

form?.querySelector("[data-lines-add]")?.addEventListener("click", (event) => {
  event.preventDefault();
  addLine().querySelector("select, input")?.focus();
});
// What puts back rows that were typed (autosave.js) asks for room.
form?.addEventListener("lines:add", addLine);
