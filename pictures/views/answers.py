"""A picture as a file that somebody downloads."""

from collections.abc import Callable

from django.http import HttpResponse
from django.template.loader import render_to_string

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


def file_answer(
    made: Made, region: Region, kind: PictureKind, form: FileFormat, *, slots: str = "table"
) -> HttpResponse:
    """Return a picture or its table as a file: the same facts as its page. Raises ``TooBusy`` and ``TooCostly``.

    ``slots`` are those of its readers: strangers keep nobody from having a file inspected (``bounded.SLOTS``).
    """
    picture = made.picture
    makers: dict[FileFormat, Callable[[], bytes]] = {
        FileFormat.SVG: lambda: drawing_of(made).encode(),
        FileFormat.PNG: lambda: as_png(drawing_of(made), slots=slots),
        FileFormat.CSV: lambda: as_text(picture.headings, picture.lines),
        FileFormat.XLSX: lambda: as_workbook(str(kind.label), picture.headings, picture.lines, slots=slots),
    }
    name = f"{kind.value}-{region.slug}.{form.value}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(makers[form](), content_type=_KINDS[form], headers=headers)


def drawing_of(made: Made) -> str:
    """Return the drawing as a file of its own, without links."""
    context = {"made": made, "is_file": True}
    return render_to_string(f"pictures/{made.shape}_drawing.html", context).strip()
