"""HTML_CodeSniffer, a second opinion beside axe: what it calls an error on a page as it stands in the browser.

Its maintained fork is locked in ``tests/html_codesniffer``, and brought there by ``script/setup --development``.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.skipping import NEEDS

SNIFFER = Path(__file__).parent / "html_codesniffer/node_modules/@pa11y/html_codesniffer/build/HTMLCS.js"
LACKS = (
    f"{NEEDS}HTML_CodeSniffer: install npm (Debian: apt-get install npm) and run script/setup --development"
)
STANDARD = "WCAG2AA"
# Where it is wrong: its code, the elements of which that holds, and why.
MISTAKEN = (
    (
        "1_3_1.H43.HeadersRequired",
        "table:has(> tbody > tr.hub-total > th[colspan]):not(:has(th:not([scope])))",
        "it takes the heading of the total, which stands across columns, for as many headings; each says by its scope of what",
    ),
    ("3_2_2.H32.2", "form#publish", "its buttons stand in the rows of the grid, of which there are none"),
)
_ERRORS = """([standard, mistaken]) => new Promise((resolve, reject) => {
    // What changes its colour slowly has the last one.
    document.getAnimations().forEach(each => each.finish());
    // It complains aloud of its own sentences that it cannot find, which is no mistake of the page.
    const aloud = console.error;
    console.error = () => {};
    HTMLCS.process(standard, document, () => resolve(
        HTMLCS.getMessages()
            .filter(each => each.type === HTMLCS.ERROR)
            // Their codes begin with standard, principle and guideline.
            .map(each => ({...each, code: each.code.split(".").slice(3).join(".")}))
            .filter(each => !mistaken.some(
                ([code, where]) => each.code === code && each.element.matches?.(where)))
            .map(each => `${each.code}: ${each.msg} ${(each.element.outerHTML ?? "document").slice(0, 200)}`)
    ), () => reject(new Error("the standard was not found")));
    console.error = aloud;
})"""


def sniffed_on(page: Page) -> list[str]:
    """Return what HTML_CodeSniffer calls an error on the page as it is now."""
    if not SNIFFER.exists():
        pytest.skip(LACKS)
    # Evaluated, not added to the page: the Content-Security-Policy would refuse a script element.
    page.evaluate(SNIFFER.read_text(encoding="utf-8"))
    found: list[str] = page.evaluate(_ERRORS, [STANDARD, [[code, where] for code, where, _why in MISTAKEN]])
    return found
