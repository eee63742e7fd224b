"""Addresses of pictures: for the kwartiermaker (regiowerk), and for everybody."""

from django.urls import path

from pictures.views import embeds, pictures

app_name = "pictures"
urlpatterns = [
    path("regiowerk/<slug:slug>/beelden/", pictures.pictures, name="pictures"),
    path("regiowerk/<slug:slug>/beelden/<slug:kind>/", pictures.picture, name="picture"),
    path("regiowerk/<slug:slug>/beelden/<slug:kind>/bestand/<slug:form>/", pictures.file, name="file"),
    path("beelden/<slug:slug>/<slug:kind>/", embeds.embed, name="embed"),
    path("beelden/<slug:slug>/<slug:kind>/bestand/<slug:form>/", embeds.embed_file, name="embed_file"),
]
