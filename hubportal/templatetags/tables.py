"""One frame for every table: a page declares columns, the frame writes the rest (docs/decisions/0023-tables-in-one-frame.md).

    {% table each in page id="letters" caption=_("Letters") %}
      {% column _("Reference") nowrap=True %}<a href="…">{{ each.reference }}</a>{% endcolumn %}
      {% columns when each.result %}
        {% column _("Mean") numeric=True sort=by_mean sorted="descending" %}{{ each.result.mean }}{% endcolumn %}
        {% across %}{% translate "Your own review comes first" %}{% endacross %}
      {% endcolumns %}
      {% actions %}…buttons of the form that then stands around the table…{% endactions %}
      {% no_rows %}…what stands there when there are no rows…{% endno_rows %}
    {% endtable %}

The first column is the head of its row, unless another has ``row_head=True``. ``sort`` is the address that orders by a
column, ``sorted`` how it is ordered now; ``total`` of a column stands below it, in a row named by ``total`` of the table.
``page`` is the page whose numbers stand below, where the rows are not that page themselves; ``lands_at`` the id that they
lead to, where much stands above the table.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page
from django.template import Context, Library, Node, NodeList, TemplateSyntaxError
from django.template.base import FilterExpression, Parser, TextNode, Token, token_kwargs
from django.template.defaulttags import CommentNode, TemplateIfParser
from django.utils.html import format_html_join
from django.utils.safestring import SafeString, mark_safe

register = Library()

FRAME = "components/table.html"
# What a table does where there is no room for its columns: rows become blocks, it scrolls, or it always fits.
NARROW = ("stack", "scroll", "fits")
TABLE_OPTIONS = frozenset(
    {"id", "caption", "caption_hidden", "labelled_by", "narrow", "page", "lands_at", "total"}
)
COLUMN_OPTIONS = frozenset({"numeric", "nowrap", "row_head", "sort", "sorted", "total"})

Options = dict[str, FilterExpression]


class ColumnNode(Node):
    """One column: its head, and its cell on each row."""

    def __init__(self, label: FilterExpression | None, options: Options, nodelist: NodeList) -> None:
        self.label, self.options, self.nodelist = label, options, nodelist


class ColumnsNode(Node):
    """Columns that a row fills only on a condition; on other rows one cell stands across them."""

    child_nodelists = ("columns", "across")

    def __init__(self, condition: Any, columns: NodeList, across: NodeList) -> None:
        self.condition, self.columns, self.across = condition, columns, across


class SlotNode(Node):
    """A slot of a table: ``actions``, ``no_rows``, or ``across`` columns that are empty on a row."""

    def __init__(self, name: str, nodelist: NodeList) -> None:
        self.name, self.nodelist = name, nodelist


@dataclass(frozen=True)
class Head:
    """A column of one table on one page."""

    label: str
    is_row_head: bool
    options: dict[str, Any]

    @property
    def classes(self) -> str:
        """Return the classes of its cells."""
        wanted = {"hub-numeric": "numeric", "hub-nowrap": "nowrap"}
        return " ".join(name for name, option in wanted.items() if self.options.get(option))


class GroupNode(Node):
    """The cells of rows that fill some columns, and the one across them on other rows."""

    def __init__(self, condition: Any, cells: NodeList, across: NodeList) -> None:
        self.condition, self.cells, self.across = condition, cells, across

    def render(self, context: Context) -> SafeString:
        """Write what the row in the context has of these columns."""
        return (self.cells if self.condition.eval(context) else self.across).render(context)


class TableNode(Node):
    """A table, or its ``no_rows`` slot when it is empty."""

    child_nodelists = ("columns", "actions", "no_rows")

    def __init__(
        self,
        names: list[str],
        rows: FilterExpression,
        options: Options,
        *,
        columns: NodeList,
        actions: NodeList | None,
        no_rows: NodeList | None,
    ) -> None:
        self.names, self.rows, self.options = names, rows, options
        self.columns, self.actions, self.no_rows = columns, actions, no_rows

    def render(self, context: Context) -> SafeString:
        """Write the rows and the frame around them; the labels are read once, not once a row."""
        source = self.rows.resolve(context, ignore_failures=True)
        rows = list(source) if source else []
        with context.push():
            if self.no_rows is not None and not rows:
                return self.no_rows.render(context)
            options = _resolved(self.options, context)
            is_stacked = options.setdefault("narrow", NARROW[0]) == "stack"
            heads = [_head(each, context) for each in _columns(self.columns)]
            heads = heads if any(each.is_row_head for each in heads) else _first_is_row_head(heads)
            cells = _cells(self.columns, iter(heads), is_stacked=is_stacked)
            actions = self.actions.render(context) if self.actions else ""
            options.setdefault("page", source if isinstance(source, Page) else None)
            options |= {
                "is_stacked": is_stacked,
                "heads": heads if any(each.label for each in heads) else [],
                "body": self._body(rows, cells, context, is_stacked=is_stacked),
                "total_row": _total_row(heads),
                # A form without a button is none.
                "actions": actions if actions.strip() else "",
            }
        assert context.template is not None
        with context.push(**options):
            return context.template.engine.get_template(FRAME).render(context)

    def _body(self, rows: list[Any], cells: NodeList, context: Context, *, is_stacked: bool) -> SafeString:
        opening, closing = '<tr role="row">' if is_stacked else "<tr>", "</tr>\n"
        parts = []
        for row in rows:
            for name, value in zip(self.names, row if len(self.names) > 1 else (row,), strict=True):
                context[name] = value
            parts += [opening, *[str(each.render_annotated(context)) for each in cells], closing]
        return mark_safe("".join(parts))  # noqa: S308 the nodes escaped what stands in it


@register.tag
def table(parser: Parser, token: Token) -> TableNode:
    """Parse a table: ``{% table each in rows id=… caption=… %}`` up to ``{% endtable %}``."""
    bits = token.split_contents()[1:]
    if "in" not in bits[1:-1]:
        raise TemplateSyntaxError("A table names its rows: {% table each in rows id=… caption=… %}.")
    at = bits.index("in")
    names, rows = " ".join(bits[:at]).replace(",", " ").split(), parser.compile_filter(bits[at + 1])
    options = _options("table", bits[at + 2 :], parser, known=TABLE_OPTIONS)
    if not {"id", "caption"} <= options.keys():
        raise TemplateSyntaxError("A table has an id and a caption.")
    _check_spoken(options["caption"], options.get("total"))
    columns, slots = _inside(parser, "endtable", slots=("actions", "no_rows"))
    return TableNode(names, rows, options, columns=columns, **slots)


@register.tag
def column(parser: Parser, token: Token) -> ColumnNode:
    """Parse a column: ``{% column _("Label") numeric=True %}`` and its cell; without a label it has no head."""
    bits = token.split_contents()[1:]
    is_labelled = bool(bits) and "=" not in bits[0].split("(")[0]
    label = parser.compile_filter(bits.pop(0)) if is_labelled else None
    _check_spoken(label)
    options = _options("column", bits, parser, known=COLUMN_OPTIONS)
    nodelist = parser.parse(("endcolumn",))
    parser.delete_first_token()
    return ColumnNode(label, options, nodelist)


@register.tag
def columns(parser: Parser, token: Token) -> ColumnsNode:
    """Parse columns that are empty on some rows: ``{% columns when … %}`` up to ``{% endcolumns %}``."""
    bits = token.split_contents()[1:]
    if bits[:1] != ["when"]:
        raise TemplateSyntaxError("Columns together have a condition: {% columns when each.is_open %}.")
    condition = TemplateIfParser(parser, bits[1:]).parse()
    inside, slots = _inside(parser, "endcolumns", slots=("across",))
    return ColumnsNode(condition, inside, slots["across"] or NodeList())


@register.tag("actions")
@register.tag("across")
@register.tag("no_rows")
def slot(parser: Parser, token: Token) -> SlotNode:
    """Parse a slot of a table: ``{% actions %}`` up to ``{% endactions %}``."""
    (name,) = token.split_contents()
    nodelist = parser.parse((f"end{name}",))
    parser.delete_first_token()
    return SlotNode(name, nodelist)


def _options(name: str, bits: list[str], parser: Parser, *, known: frozenset[str]) -> Options:
    options = token_kwargs(bits, parser)
    if bits or options.keys() - known:
        raise TemplateSyntaxError(f"What a {name} takes: {', '.join(sorted(known))}.")
    return options


def _check_spoken(*labels: FilterExpression | None) -> None:
    """Raise where what people read stands there as it is, and so could not be translated."""
    if any(label is not None and isinstance(label.var, str) for label in labels):
        raise TemplateSyntaxError('What people read stands as _("…") or in a variable.')


def _inside(
    parser: Parser, end: str, *, slots: tuple[str, ...]
) -> tuple[NodeList, dict[str, NodeList | None]]:
    """Return the columns up to a tag, and the slots; anything else is an error."""
    columns = NodeList()
    filled: dict[str, NodeList | None] = dict.fromkeys(slots)
    for node in parser.parse((end,)):
        if isinstance(node, ColumnNode | ColumnsNode):
            columns.append(node)
        elif isinstance(node, SlotNode) and node.name in filled:
            filled[node.name] = node.nodelist
        elif not (isinstance(node, CommentNode) or (isinstance(node, TextNode) and not node.s.strip())):
            raise TemplateSyntaxError(f"Here only columns and {', '.join(slots)} stand, not {node!r}.")
    parser.delete_first_token()
    return columns, filled


def _resolved(options: Options, context: Context) -> dict[str, Any]:
    return {name: each.resolve(context) for name, each in options.items()}


def _columns(nodes: NodeList) -> Iterator[ColumnNode]:
    for each in nodes:
        if isinstance(each, ColumnNode):
            yield each
        else:
            assert isinstance(each, ColumnsNode)
            yield from _columns(each.columns)


def _head(node: ColumnNode, context: Context) -> Head:
    options = _resolved(node.options, context)
    label = node.label.resolve(context) if node.label is not None else ""
    return Head(str(label), is_row_head=bool(options.get("row_head")), options=options)


def _first_is_row_head(heads: list[Head]) -> list[Head]:
    return [
        Head(each.label, is_row_head=place == 0, options=each.options) for place, each in enumerate(heads)
    ]


def _cells(nodes: NodeList, heads: Iterator[Head], *, is_stacked: bool) -> NodeList:
    """Return the nodes that write one row: what is the same in a column on every row is text by now."""
    cells = NodeList()
    for node in nodes:
        if isinstance(node, ColumnNode):
            cells.extend(_cell(node.nodelist, *_tags(next(heads), is_stacked=is_stacked)))
        else:
            assert isinstance(node, ColumnsNode)
            span = str(len(list(_columns(node.columns))))
            opening = _with("td", ("colspan", span), ("role", "cell" if is_stacked else ""))
            inside = _cells(node.columns, heads, is_stacked=is_stacked)
            cells.append(GroupNode(node.condition, inside, _cell(node.across, opening, "</td>")))
    return cells


def _cell(nodes: NodeList, opening: str, closing: str) -> NodeList:
    """Return the nodes of one cell, without the space that only lays out the template."""
    inside = list(nodes)
    if inside and isinstance(first := inside[0], TextNode):
        opening, inside = opening + first.s.lstrip(), inside[1:]
    if inside and isinstance(last := inside[-1], TextNode):
        closing, inside = last.s.rstrip() + closing, inside[:-1]
    return NodeList([TextNode(opening), *inside, TextNode(closing)])


def _tags(head: Head, *, is_stacked: bool) -> tuple[str, str]:
    """Return how each cell of a column begins and ends."""
    name, role = ("th", "rowheader") if head.is_row_head else ("td", "cell")
    attributes = [("class", head.classes), ("scope", "row" if head.is_row_head else "")]
    if not is_stacked:
        return _with(name, *attributes), f"</{name}>"
    if head.is_row_head or not head.label:
        return _with(name, *attributes, ("role", role)), f"</{name}>"
    # Keep the content of a cell together next to its label.
    return _with(name, *attributes, ("role", role), ("data-label", head.label)) + "<div>", f"</div></{name}>"


def _with(name: str, *attributes: tuple[str, str]) -> str:
    """Return how an element begins, with those of its attributes that have a value."""
    given = format_html_join("", ' {}="{}"', [each for each in attributes if each[1]])
    return f"<{name}{given}>"


def _total_row(heads: list[Head]) -> dict[str, Any] | None:
    """Return how many columns the name of the totals spans, and the columns from the first that has one."""
    first = next((place for place, each in enumerate(heads) if "total" in each.options), None)
    return None if first is None else {"span": first, "heads": heads[first:]}
