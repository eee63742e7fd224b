// Rows that are pasted on the grid of a map go to the page that imports them (templates/mapping/grid.html). Without this file
// that page takes them itself.

const form = document.getElementById("paste-rows");
const box = document.querySelector("[data-grid-box]");

// One cell is pasted where one types.
const isTable = (text) => text.includes("\t") || text.trim().includes("\n");

box?.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "";
  if (event.target.closest("textarea") || !isTable(text)) return;
  event.preventDefault();
  form.elements.namedItem("pasted").value = text;
  form.submit();
});
