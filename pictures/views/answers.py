"""A picture as a file that somebody downloads."""

from collections.abc import Callable, Sequence
from typing import Any

from django.core.cache import cache
from django.http import HttpResponse
from django.template.loader import render_to_string

from hubportal.kernel.canonical import canonical_bytes, digest
from pictures.domain.files import as_png, as_text, as_workbook
from pictures.enums import FileFormat, PictureKind
from pictures.views.made import Made
from regions.models import Region

_KINDS = {
    FileFormat.SVG: "image/svg+xml; charset=utf-8",
    FileFormat.PNG: "image/png",
    FileFormat.CSV: "text/csv; charset=utf-8",
    FileFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
# What strangers have made is made once in this time, as long as it shows the same.
_KEPT_SECONDS = 10 * 60


def file_answer(
    made: Made, region: Region, kind: PictureKind, form: FileFormat, *, slots: str = "table"
) -> HttpResponse:
    """Return a picture or its table as a file: the same facts as its page. Raises ``TooBusy`` and ``TooCostly``.

    ``slots`` are those of its readers: strangers keep nobody from having a file inspected (``bounded.SLOTS``).
    """
    picture = made.picture
    makers: dict[FileFormat, Callable[[], bytes]] = {
        FileFormat.SVG: lambda: drawing_of(made).encode(),
        FileFormat.PNG: lambda: _drawn(drawing_of(made), slots),
        FileFormat.CSV: lambda: as_text(picture.headings, picture.lines),
        FileFormat.XLSX: lambda: _filled_in(str(kind.label), picture.headings, picture.lines, slots),
    }
    name = f"{kind.value}-{region.slug}.{form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(makers[form](), content_type=_KINDS[form], headers=headers)


def _drawn(drawing: str, slots: str) -> bytes:
    return _made_once(lambda: as_png(drawing, slots=slots), ["png", drawing], slots)


def _filled_in(sheet: str, headings: Sequence[str], lines: Sequence[Sequence[str]], slots: str) -> bytes:
    told = ["xlsx", sheet, list(headings), [list(each) for each in lines]]
    return _made_once(lambda: as_workbook(sheet, headings, lines, slots=slots), told, slots)


def _made_once(make: Callable[[], bytes], told: list[Any], slots: str) -> bytes:
    """Return a file, which strangers get as it was made before: who asks for it all day keeps nobody from having one inspected.

    By all that it tells: once something was withdrawn, it is another file (rule 26).
    """
    if slots != "public":
        return make()
    key = f"pictures/file/{digest(canonical_bytes({'told': told}))}"
    kept: bytes | None = cache.get(key)
    if kept is None:
        kept = make()
        cache.set(key, kept, _KEPT_SECONDS)
    return kept


def drawing_of(made: Made) -> str:
    """Return the drawing as a file of its own, without links."""
    context = {"made": made, "is_file": True}
    return render_to_string(f"pictures/{made.shape}_drawing.html", context).strip()
