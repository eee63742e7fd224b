// Arrow keys in the matrix of a region (templates/mapping/matrix_table.html): one stop for the Tab key, and steps from cell
// to cell. Without this file each cell is a link that the Tab key reaches.

const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
const PAGE_OF_ROWS = 10;
STEPS.PageUp = [-PAGE_OF_ROWS, 0];
STEPS.PageDown = [PAGE_OF_ROWS, 0];

class Matrix {
  constructor(table) {
    this.rows = [...table.rows].map((row) => [...row.cells]);
    for (const each of this.rows.flat()) this.target(each).tabIndex = -1;
    table.setAttribute("role", "grid");
    table.addEventListener("keydown", (event) => this.pressed(event));
    table.addEventListener("focusin", (event) => this.mark(event.target));
    const asked = document.getElementById(location.hash.slice(1));
    const cell = table.contains(asked) ? asked.closest("td, th") ?? asked.cells?.[0] : null;
    this.mark(this.target(cell ?? this.rows[1][1]));
    if (!cell) return;
    this.focus(cell);
    // The browser goes to the cell of the address by itself once all is loaded, and takes the focus away.
    if (document.readyState !== "complete") addEventListener("load", () => this.focus(cell), { once: true });
  }

  // What is focused: the link of a cell, or the cell itself where it has none.
  target(cell) {
    return cell.querySelector("a") ?? cell;
  }

  mark(target) {
    if (this.current) this.current.tabIndex = -1;
    this.current = target;
    target.tabIndex = 0;
  }

  focus(cell) {
    this.target(cell).focus();
  }

  pressed(event) {
    const at = this.placeOf(event.target.closest("td, th"));
    const to = this.goal(event, at);
    if (!to) return;
    event.preventDefault();
    const row = Math.max(0, Math.min(this.rows.length - 1, to[0]));
    this.focus(this.rows[row][Math.max(0, Math.min(this.rows[row].length - 1, to[1]))]);
  }

  goal(event, [row, column]) {
    if (event.altKey || event.metaKey) return null;
    const step = STEPS[event.key];
    if (step) return event.ctrlKey ? null : [row + step[0], column + step[1]];
    if (event.key === "Home") return [event.ctrlKey ? 0 : row, 0];
    if (event.key === "End") return [event.ctrlKey ? this.rows.length - 1 : row, this.rows[row].length - 1];
    return null;
  }

  placeOf(cell) {
    const row = this.rows.findIndex((each) => each.includes(cell));
    return [row, this.rows[row].indexOf(cell)];
  }
}

const table = document.querySelector("[data-matrix]");
if (table) {
  new Matrix(table);
  document.querySelector("[data-matrix-box]").removeAttribute("tabindex");
  document.querySelector("[data-matrix-hint]").hidden = false;
}
