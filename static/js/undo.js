// Keeps in this tab what stood in the fields of a form and what is sent over that, so that the grid can put it back
// (static/js/grid.js). It counts once the portal tells the grid that it was saved; nothing of it is kept on the server.

const MOST_KEPT = 50;

function keep(place, form, submitter) {
  const stood = JSON.parse(place.dataset.stood);
  const sent = new FormData(form, submitter);
  const fields = {};
  for (const [name, value] of Object.entries(stood)) fields[name] = { value, was: sent.getAll(name).map(String) };
  // Over a newer version, the one that is shown here is what stood.
  const seen = Number(sent.get("over_version") || sent.get("seen_version"));
  const key = `hubportaal/forms/${place.dataset.grid}`;
  try {
    const known = JSON.parse(sessionStorage.getItem(key)) ?? [];
    const others = known.filter((each) => each.row !== place.dataset.row || each.seen !== seen);
    const kept = [...others, { row: place.dataset.row, seen, fields }].slice(-MOST_KEPT);
    sessionStorage.setItem(key, JSON.stringify(kept));
  } catch {
    // No room or not allowed: this one is not undone by a key.
  }
}

const place = document.querySelector("[data-undo-form]");
const form = place && document.getElementById(place.dataset.undoForm);
if (form) form.addEventListener("submit", (event) => keep(place, form, event.submitter));
