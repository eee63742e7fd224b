"""Addresses of the public pages and of the page where one lands after logging in."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.http import require_safe

from website.views import cards, correcting, following, handing_over
from website.views.call_calendar import call_calendar
from website.views.calls import call, calls
from website.views.can_apply import can_apply
from website.views.coverage import coverage, coverage_file, months_file
from website.views.empty_forms import empty_form
from website.views.feeds import RegionFeed
from website.views.grants import grants_file, grants_page
from website.views.home import home
from website.views.region import region
from website.views.regions import find_region, region_map, suggestions
from website.views.robots import robots, security
from website.views.sitemaps import sitemap
from website.views.start import start
from website.views.texts import accessibility, contact, help_page, privacy
from website.views.writing_ahead import write_ahead

app_name = "website"
# Apart: no search engine is told of these.
_cards = [
    path("akkoord/<str:secret>/", cards.answer, name="answer"),
    path("akkoord/<str:secret>/bevestigen/", cards.confirm, name="confirm"),
    path("akkoord/<str:secret>/weigeren/", cards.decline, name="decline"),
    path("gegeven/<str:secret>/", cards.agreement, name="agreement"),
    path("verzoek/<str:secret>/", correcting.confirm, name="confirm_correction"),
    path("<slug:slug>/<uuid:key>/", correcting.ask, name="ask_correction"),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("kaart/", include((_cards, "cards"))),
    path("", home, name="home"),
    path("regiowerk/<slug:slug>/openstaand/", handing_over.open_items, name="open_items"),
    path("regiowerk/<slug:slug>/overdragen/", handing_over.hand_over, name="hand_over"),
    path("start/", start, name="start"),
    path("regios/", region_map, name="map"),
    path("regios/zoeken/", find_region, name="find_region"),
    path("regios/zoeken/namen/", suggestions, name="suggestions"),
    path("regios/dekking/", coverage, name="coverage"),
    path("regios/dekking/dekking.csv", coverage_file, name="coverage_file"),
    path("regios/dekking/verloop.csv", months_file, name="coverage_months"),
    path("regios/<slug:slug>/", region, name="region"),
    path("regios/<slug:slug>/volgen/", following.follow, name="follow"),
    path("volgen/bevestigen/<str:secret>/", following.confirm, name="confirm_following"),
    path("volgen/stoppen/<uuid:key>/<str:mark>/", following.stop, name="stop_following"),
    path("regios/<slug:slug>/nieuws.atom", require_safe(RegionFeed()), name="region_feed"),
    path("verleende-subsidies/", grants_page, name="grants"),
    path("verleende-subsidies/verleende-subsidies.csv", grants_file, name="grants_file"),
    path("oproepen/", calls, name="calls"),
    path("oproepen/<slug:slug>/", call, name="call"),
    path("oproepen/<slug:slug>/kunnen-wij-aanvragen/", can_apply, name="can_apply"),
    path("oproepen/<slug:slug>/alvast-schrijven/", write_ahead, name="write_ahead"),
    path("oproepen/<slug:slug>/leeg-formulier.<str:kind>", empty_form, name="empty_form"),
    path("oproepen/<slug:slug>/deadlines.ics", call_calendar, name="call_calendar"),
    path("privacy/", privacy, name="privacy"),
    path("toegankelijkheid/", accessibility, name="accessibility"),
    path("contact/", contact, name="contact"),
    path("help/", help_page, name="help"),
    path("sitemap.xml", sitemap, name="sitemap"),
    path("robots.txt", robots, name="robots"),
    path(".well-known/security.txt", security, name="security"),
]
