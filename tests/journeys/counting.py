"""Counting what a region has on its pages: in the grid, the matrix and the pictures, in narrow windows too."""

from playwright.sync_api import Page, expect

from pictures.enums import PictureKind
from tests.browser import NARROW, WIDE, assert_fits

ORGANISATIONS, QUESTIONS, ENGAGEMENTS = 60, 12, 80
# By name, the first so many take part in two questions each.
INVOLVED = ENGAGEMENTS // 2
_CELLS = """(all) => all.map((each) => [
  (each.getAttribute("aria-label") ?? each.querySelector(".hub-visually-hidden").textContent).trim(),
  each.querySelector(".hub-picture__number, [aria-hidden]").textContent.trim(),
])"""
_ROWS = """(all) => all.map((row) => [...row.cells].map(
  (each) => (each.querySelector("[aria-hidden]") ?? each).innerText.trim(),
))"""
_SUMS = """(table) => [
  [...table.tBodies[0].rows].map((row) => Number([...row.cells].at(-1).textContent)),
  [...table.tFoot.rows[0].cells].slice(1, -1).map((each) => Number(each.textContent)),
  [...table.querySelectorAll("td a > [aria-hidden]")].filter((each) => each.textContent !== "–").length,
]"""


def fits_narrowly(page: Page) -> None:
    """Fail unless the page can be read in a narrow window as well."""
    page.set_viewport_size(NARROW)
    assert_fits(page)
    page.set_viewport_size(WIDE)


def counted_in_grid(page: Page, here: str, number: int) -> None:
    page.goto(here)
    expect(page.get_by_text(f"{number} organisaties bekend, waarvan 0 openbaar.")).to_be_visible()
    expect(page.locator("[data-grid] tbody th[scope=row]")).to_have_count(number)
    fits_narrowly(page)


def counted_in_matrix(page: Page, here: str, number: int) -> None:
    """Count what stands in all pages of the matrix, and what its totals say."""
    columns, cells = [], 0
    for lot in range(1, -(-number // 20) + 1):
        page.goto(f"{here}vraagstukken/matrix/?kolommen={lot}")
        rows, totals, filled = page.locator("[data-matrix]").evaluate(_SUMS)
        assert (len(rows), sum(rows)) == (QUESTIONS, ENGAGEMENTS)
        columns += totals
        cells += filled
    assert (len(columns), sum(columns), cells) == (number, ENGAGEMENTS, ENGAGEMENTS)
    for said in (
        f"{QUESTIONS} vraagstukken. Over 0 daarvan praat niemand mee",
        f"{number} organisaties. {number - INVOLVED} daarvan worden nooit gevraagd.",
    ):
        expect(page.get_by_role("main")).to_contain_text(said)
    fits_narrowly(page)


def counted_in_pictures(page: Page, here: str) -> list[str]:
    """See that each picture and its table say the same, and return what they say: in sentences, and of each question."""
    spots, asked, linked = PictureKind
    told, lines = [], []
    for kind, number in ((spots, ORGANISATIONS), (asked, ENGAGEMENTS)):
        page.goto(f"{here}beelden/{kind}/")
        drawn = page.locator(".hub-picture__cell").evaluate_all(_CELLS)
        assert drawn == page.locator(".hub-picture__table td").evaluate_all(_CELLS)
        lines = page.locator(".hub-picture__table tbody tr").evaluate_all(_ROWS)
        # Nobody works in two municipalities here, or takes part in two forms in one question.
        assert sum(int(row[-1]) for row in lines) == number
        told.append(told_on(page))
    assert (len(lines), sum(int(each) for row in lines for each in row[1:-1])) == (QUESTIONS, ENGAGEMENTS)
    page.goto(f"{here}beelden/{linked}/")
    drawn = page.locator(".hub-picture__link").evaluate_all("(all) => all.map((each) => each.ariaLabel)")
    table, lot = page.locator("table tbody tr").evaluate_all(_ROWS), 1
    while page.get_by_role("link", name="Volgende", exact=True).count():
        lot += 1
        page.goto(f"{here}beelden/{linked}/?page={lot}")
        table += page.locator("table tbody tr").evaluate_all(_ROWS)
    assert sorted(drawn) == sorted(" ".join(row) for row in table)
    assert told_on(page) == f"{INVOLVED} organisaties met {len(table)} banden."
    return [*told, told_on(page), *(" ".join(row) for row in lines)]


def told_on(page: Page) -> str:
    """Return what a picture says in a sentence."""
    fits_narrowly(page)
    return page.locator(".hub-picture > p").first.inner_text()
