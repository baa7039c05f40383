"""Addresses of those who lead, below desk/."""

from django.urls import path

from citong.web.office.administration import calendar, city, health, pages, people, routing
from citong.web.office.maps import grid_outlines, staff_cases, staff_map
from citong.web.office.supervision import figure_cases, supervision, supervision_export

urlpatterns = [
    path("supervision/", supervision, name="supervision"),
    path("supervision/cases", figure_cases, name="figure_cases"),
    path("supervision/export", supervision_export, name="supervision_export"),
    path("map/", staff_map, name="staff_map"),
    path("map/grids/<slug:layer>.geojson", grid_outlines, name="grid_outlines"),
    path("map/cases.geojson", staff_cases, name="staff_cases"),
    path("admin/", city.administration, name="administration"),
    path("admin/rights", city.rights, name="rights"),
    path("admin/routing", routing.dry_run, name="dry_run"),
    path("admin/gaps", routing.gaps, name="gaps"),
    path("admin/calendar", calendar.calendar, name="calendar"),
    path("admin/calendar/<str:day>", calendar.calendar_day, name="calendar_day"),
    path("admin/clocks", health.late_clocks, name="late_clocks"),
    path("admin/ledger", health.ledger_check, name="ledger_check"),
    path("admin/changes", health.changes, name="changes"),
    path("admin/jobs", health.jobs, name="jobs"),
    path("admin/accounts/new", people.account_new, name="account_new"),
    path("admin/accounts/<str:key>/password", people.account_password, name="account_password"),
    path("admin/accounts/<str:key>/open", people.account_open, name="account_open"),
    path("admin/<slug:subject>/", pages.subject_list, name="subject_list"),
    path("admin/<slug:subject>/new", pages.subject_form, name="subject_new"),
    path("admin/<slug:subject>/<str:key>/", pages.subject_form, name="subject_form"),
    path("admin/<slug:subject>/<str:key>/end", pages.subject_end, name="subject_end"),
]
