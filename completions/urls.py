"""Addresses of who completes an application."""

from django.urls import path

from completions.views import completion, files

app_name = "completions"
_COMPLETION = "aanvragen/<str:reference>/aanvulling/"
_FILES = f"{_COMPLETION}<int:number>/bijlagen/"
urlpatterns = [
    path(_COMPLETION, completion.completion, name="completion"),
    path(f"{_COMPLETION}controleren/", completion.check, name="check"),
    path(_FILES, files.files, name="files"),
    path(f"{_FILES}<str:sha256>/", files.file, name="file"),
    path(f"{_FILES}<str:sha256>/weghalen/", files.remove, name="remove_file"),
]
