"""Addresses of imports and exports, below those of a region."""

from django.urls import path

from imports.views import deciding, exporting, importing, taking

app_name = "imports"
_IN_REGION = "<slug:slug>/importeren"
_IMPORT = f"{_IN_REGION}/<uuid:key>"
urlpatterns = [
    path(f"{_IN_REGION}/", importing.imports, name="imports"),
    path(f"{_IMPORT}/", importing.import_page, name="import"),
    path(f"{_IMPORT}/kolommen/", deciding.columns, name="columns"),
    path(f"{_IMPORT}/rijen/", deciding.rows, name="rows"),
    path(f"{_IMPORT}/woorden/", deciding.words, name="words"),
    path(f"{_IMPORT}/alle-rijen/", deciding.all_rows, name="all_rows"),
    path(f"{_IMPORT}/weggooien/", importing.discard, name="discard"),
    path(f"{_IMPORT}/overnemen/", taking.take, name="take"),
    path(f"{_IMPORT}/terugdraaien/", taking.undo, name="undo"),
    path("<slug:slug>/organisaties.csv", exporting.as_text, name="export_text"),
    path("<slug:slug>/organisaties.xlsx", exporting.as_workbook, name="export_workbook"),
]
