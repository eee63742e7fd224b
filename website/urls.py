"""Addresses of the public pages and of the page where one lands after logging in."""

from django.urls import URLPattern, path

from website.views.calls import call, calls
from website.views.home import home
from website.views.regions import find_region, region, region_map, suggestions
from website.views.robots import robots, security
from website.views.start import start
from website.views.texts import accessibility, contact, help_page, privacy

app_name = "website"
urlpatterns: list[URLPattern] = [
    path("", home, name="home"),
    path("start/", start, name="start"),
    path("regios/", region_map, name="map"),
    path("regios/zoeken/", find_region, name="find_region"),
    path("regios/zoeken/namen/", suggestions, name="suggestions"),
    path("regios/<slug:slug>/", region, name="region"),
    path("oproepen/", calls, name="calls"),
    path("oproepen/<slug:slug>/", call, name="call"),
    path("privacy/", privacy, name="privacy"),
    path("toegankelijkheid/", accessibility, name="accessibility"),
    path("contact/", contact, name="contact"),
    path("help/", help_page, name="help"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security, name="security"),
]
