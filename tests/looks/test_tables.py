"""The frame of tables: what a page declares, and what everybody gets with it."""

from dataclasses import dataclass
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import TemplateSyntaxError, engines
from django.test import RequestFactory
from django.utils import translation

from tests.architecture.sources import ROOT, TEMPLATES
from tests.looks.markup import Page, read

LIST = """
{% table each in page id="letters" caption=_("Letters") %}
  {% column _("Reference") nowrap=True %}<a href="/{{ each.name }}/">{{ each.name }}</a>{% endcolumn %}
  {% columns when each.score %}
    {% column _("Mean") numeric=True %}{{ each.score }}{% endcolumn %}
    {% column _("Round") %}{{ each.name }}{% endcolumn %}
    {% across %}Not yet{% endacross %}
  {% endcolumns %}
  {% no_rows %}<p>Nothing here</p>{% endno_rows %}
{% endtable %}
"""
# Written by hand, with the reason.
BY_HAND = {
    "components/table_body.html",  # the frame itself
    "letters/regional_picture.html",  # part of a document on paper, which WeasyPrint reads
    "letters/empty_form.html",  # the same
    "letters/part.html",  # part of a letter, which WeasyPrint reads too
    "nlds/table_inline_formset_body.html",  # a set of forms, whose columns are its fields
    "mapping/matrix_table.html",  # a matrix: both its rows and its columns are named by headings
    "pictures/grid_table.html",  # the same: numbers, of which both rows and columns are named by headings
    "mapping/grid.html",  # a grid, whose cells are edited where they stand
    "allauth/elements/table.html",  # its rows come from templates of allauth
}


@dataclass
class Row:
    name: str
    score: int


def rendered(source: str, path: str = "/", **values: Any) -> Page:
    template = engines["django"].from_string(source)
    return read(template.render(values, RequestFactory().get(path)))


def table_of(*rows: Row, source: str = LIST, **values: Any) -> Page:
    return rendered(source, page=Paginator(rows, 2).page(1), **values)


def texts(page: Page, tag: str, **attributes: str) -> list[str]:
    return [each.words for each in page.all(tag, **attributes)]


def test_table_can_be_scrolled_by_keyboard_and_is_named_by_its_caption() -> None:
    page = table_of(Row("A", 1))
    region = page.one("div", role="region")
    assert (region.attributes["tabindex"], page.by_id(region.attributes["aria-labelledby"]).words) == (
        "0",
        "Letters",
    )


def test_columns_have_a_head_and_the_first_is_the_head_of_its_row() -> None:
    page = table_of(Row("A", 1), Row("B", 2))
    assert texts(page, "th", scope="col") == ["Reference", "Mean", "Round"]
    assert texts(page, "th", scope="row", class_name="hub-nowrap") == ["A", "B"]
    assert texts(page, "td") == ["1", "A", "2", "B"]


def test_figures_stand_right_in_the_head_and_on_each_row() -> None:
    page = table_of(Row("A", 1))
    assert [
        (each.tag, each.words) for each in page.elements if "hub-numeric" in each.attributes.get("class", "")
    ] == [
        ("th", "Mean"),
        ("td", "1"),
    ]


def test_cell_across_stands_for_columns_that_a_row_lacks() -> None:
    page = table_of(Row("A", 0), Row("B", 3))
    assert [(each.words, each.attributes.get("colspan")) for each in page.all("td")] == [
        ("Not yet", "2"),
        ("3", None),
        ("B", None),
    ]


def test_numbers_of_pages_lead_to_the_table_where_much_stands_above_it() -> None:
    source = '{% table each in page id="x" caption=_("Letters") lands_at="x" %}{% column _("A") %}{% endcolumn %}{% endtable %}'
    rows = [Row("A", 1), Row("B", 2), Row("C", 3)]
    assert [
        [each.attributes["href"] for each in table_of(*rows, source=given).all("a") if each.words != ""]
        for given in (source, source.replace(' lands_at="x"', ""))
    ] == [["?page=2#x", "?page=2#x"], ["?page=2", "?page=2"]]


def test_another_column_can_be_the_head_of_its_row() -> None:
    page = rendered(
        '{% table each in "ab" id="x" caption=_("Letters") %}'
        '{% column _("Round") %}<input type="checkbox">{% endcolumn %}'
        '{% column _("Reference") row_head=True %}{{ each }}{% endcolumn %}{% endtable %}'
    )
    assert texts(page, "th", scope="row") == ["a", "b"]
    assert len(page.all("td")) == 2


def test_cell_knows_its_label_where_rows_become_blocks_and_keeps_its_role() -> None:
    page = table_of(Row("A", 1))
    assert [(each.attributes["data-label"], each.attributes["role"]) for each in page.all("td")] == [
        ("Mean", "cell"),
        ("Round", "cell"),
    ]
    assert page.one("th", scope="row").attributes["role"] == "rowheader"


@pytest.mark.parametrize(("narrow", "regions"), [("scroll", 1), ("fits", 0)])
def test_table_that_is_not_stacked_says_nothing_of_blocks(narrow: str, regions: int) -> None:
    page = table_of(Row("A", 1), source=LIST.replace("%}", f'narrow="{narrow}" %}}', 1))
    assert len(page.all("div", role="region")) == regions
    assert [each for each in page.elements if "data-label" in each.attributes] == []
    assert page.one("table").attributes == {"class": "utrecht-table", "id": "letters"}


def test_what_is_typed_is_escaped() -> None:
    assert texts(table_of(Row("<b>A</b>", 1)), "a") == ["<b>A</b>"]


def test_labels_are_in_the_language_of_the_page() -> None:
    with translation.override("nl"):
        page = table_of(Row("A", 1))
    assert [page.one("caption").words, *texts(page, "th", scope="col")] == [
        "Brieven",
        "Kenmerk",
        "Gemiddelde",
        "Ronde",
    ]
    assert page.one("td", class_name="hub-numeric").attributes["data-label"] == "Gemiddelde"


def test_numbers_of_pages_stand_below_and_only_where_the_rows_are_a_page() -> None:
    page = rendered(LIST, "/?page=1", page=Paginator([Row("A", 1)] * 5, 2).page(1))
    assert page.one("nav").attributes["class"] == "utrecht-pagination"
    inner = LIST.replace("each in page", "each in page.object_list")
    assert table_of(*[Row("A", 1)] * 5, source=inner).all("nav") == []


def test_no_rows_leave_what_the_page_says_of_that_and_no_table() -> None:
    page = table_of()
    assert ([each.tag for each in page.elements], page.one("p").words) == (["p"], "Nothing here")


def test_totals_stand_below_their_columns_in_the_body() -> None:
    page = rendered(
        '{% table name, cost in rows id="x" caption=_("Budget") total=_("Total") %}'
        '{% column _("Name") %}{{ name }}{% endcolumn %}{% column _("Round") %}1{% endcolumn %}'
        '{% column _("Amount") numeric=True total=30 %}{{ cost }}{% endcolumn %}{% endtable %}',
        rows=[("A", 10), ("B", 20)],
    )
    row = page.one("tr", class_name="hub-total")
    head, total = [each for each in page.elements if each.parent is row]
    assert (head.words, head.attributes["colspan"], head.attributes["scope"]) == ("Total", "2", "row")
    assert (total.words, total.attributes["class"]) == ("30", "hub-numeric")
    assert row.inside("tbody")


def test_head_that_orders_is_a_link_and_says_how_it_is_ordered_now() -> None:
    page = rendered(
        '{% table each in "a" id="x" caption=_("Letters") %}'
        '{% column _("Mean") sort="?volgorde=score" sorted="descending" %}{{ each }}{% endcolumn %}{% endtable %}'
    )
    assert page.one("th", scope="col").attributes["aria-sort"] == "descending"
    assert (page.one("a").words, page.one("a").attributes["href"]) == ("Mean", "?volgorde=score")


def test_buttons_for_what_is_ticked_stand_with_the_table_in_one_form() -> None:
    page = rendered(
        '{% table each in "a" id="x" caption=_("Letters") %}{% column _("Name") %}<input name="tick">{% endcolumn %}'
        '{% actions %}<button type="submit">Do</button>{% endactions %}{% endtable %}'
    )
    assert page.one("form").attributes["method"] == "post"
    assert page.one("input", name="csrfmiddlewaretoken").inside("form")
    assert page.one("input", name="tick").inside("form")
    assert page.one("button").inside("form")


def test_buttons_that_are_not_there_make_no_form() -> None:
    page = rendered(
        '{% table each in "a" id="x" caption=_("Letters") %}{% column _("Name") %}{{ each }}{% endcolumn %}'
        "{% actions %} {% if no_button %}<button>Do</button>{% endif %} {% endactions %}{% endtable %}"
    )
    assert (len(page.all("form")), len(page.all("table"))) == (0, 1)


@pytest.mark.parametrize(
    ("source", "why"),
    [
        ('{% table each in rows caption=_("A") %}{% endtable %}', "an id and a caption"),
        ('{% table rows id="x" caption=_("A") %}{% endtable %}', "names its rows"),
        ('{% table each in rows id="x" caption=_("A") colour=1 %}{% endtable %}', "What a table takes"),
        ('{% table each in rows id="x" caption="Letters" %}{% endtable %}', "What people read"),
        (
            '{% table each in rows id="x" caption=_("A") %}{% column "Name" %}{% endcolumn %}{% endtable %}',
            "What people read",
        ),
        ('{% table each in rows id="x" caption=_("A") %}<tr></tr>{% endtable %}', "Here only columns"),
        (
            '{% table each in rows id="x" caption=_("A") %}{% across %}{% endacross %}{% endtable %}',
            "Here only columns",
        ),
        ("{% columns if x %}{% endcolumns %}", "have a condition"),
    ],
)
def test_table_that_would_lose_something_is_refused(source: str, why: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=why):
        engines["django"].from_string(source)


def test_tables_are_written_in_the_frame_and_nowhere_else() -> None:
    found = {
        path.relative_to(ROOT / "templates").as_posix()
        for path in TEMPLATES
        if "<table" in path.read_text(encoding="utf-8")
    }
    assert found == BY_HAND
