"""Addresses of the law's pages. Keys may have a stroke in them (REC-30/31)."""

from django.urls import path, re_path
from django.views.generic import RedirectView

from yitong.portals.law import asking, hours, limits, papers, register, years

app_name = "law"

urlpatterns = [
    path("law/", RedirectView.as_view(pattern_name="law:register"), name="home"),
    path("law/due/", asking.due_page, name="due"),
    path("law/limits/", register.register_page, name="register"),
    re_path(r"^law/limits/export\.(?P<form>csv|xlsx)$", papers.export, name="export"),
    path("law/limits/<path:key>/", limits.limit_page, name="limit"),
    path("law/hours/", hours.hours_page, name="hours"),
    path("law/calendar/", years.this_year, name="calendar"),
    path("law/calendar/<int:number>/", years.year_page, name="year"),
]
