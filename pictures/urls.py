"""Addresses of pictures: for the kwartiermaker (regiowerk), and for everybody."""

from django.urls import path

from pictures.views import earlier_texts, embeds, pictures, public_regional, regional

app_name = "pictures"
urlpatterns = [
    path("regiowerk/<slug:slug>/beelden/", pictures.pictures, name="pictures"),
    path("regiowerk/<slug:slug>/beelden/<slug:kind>/", pictures.picture, name="picture"),
    path("regiowerk/<slug:slug>/beelden/<slug:kind>/bestand/<slug:form>/", pictures.file, name="file"),
    path("regiowerk/<slug:slug>/regiobeeld/", regional.regional, name="regional"),
    path("regiowerk/<slug:slug>/regiobeeld/eerder/", earlier_texts.earlier_texts, name="earlier_texts"),
    path(
        "regiowerk/<slug:slug>/regiobeeld/eerder/<int:version>/",
        earlier_texts.earlier_text,
        name="earlier_text",
    ),
    path("regiowerk/<slug:slug>/regiobeeld/maken/", regional.ask, name="ask_regional"),
    path("regiowerk/<slug:slug>/regiobeeld/<uuid:key>/pdf/", regional.pdf, name="regional_pdf"),
    path(
        "regiowerk/<slug:slug>/regiobeeld/<uuid:key>/publiceren/", regional.publish, name="publish_regional"
    ),
    path(
        "regiowerk/<slug:slug>/regiobeeld/<uuid:key>/intrekken/", regional.withdraw, name="withdraw_regional"
    ),
    path("beelden/<slug:slug>/regiobeeld/", public_regional.public_regional, name="public_regional"),
    path("beelden/<slug:slug>/regiobeeld/pdf/", public_regional.public_pdf, name="public_regional_pdf"),
    path("beelden/<slug:slug>/<slug:kind>/", embeds.embed, name="embed"),
    path("beelden/<slug:slug>/<slug:kind>/bestand/<slug:form>/", embeds.embed_file, name="embed_file"),
]
