"""Addresses of the desk."""

from django.urls import path

from citong.web.desk import case, do, export, grids, inbox, live, notices, profile, report, saved, search, slip

urlpatterns = [
    path("", inbox.desk, name="desk"),
    path("live", live.live, name="live"),
    path("export.xlsx", export.export, name="export"),
    path("search", search.search, name="search"),
    path("views/", saved.save_view, name="view_save"),
    path("views/<int:view>/", saved.change_view, name="view_change"),
    path("case/<str:number>/", case.case, name="case"),
    path("case/<str:number>/grids.geojson", grids.case_grids, name="case_grids"),
    path("case/<str:number>/purpose", case.case_purpose, name="case_purpose"),
    path("case/<str:number>/phone/<uuid:party>/", case.case_phone, name="case_phone"),
    path("case/<str:number>/slip/<uuid:party>/", slip.case_slip, name="case_slip"),
    path("case/<str:number>/do/<slug:act_name>/", do.do, name="do"),
    path("report/", report.desk_report, name="desk_report"),
    path("report/receipt/", report.desk_receipt, name="desk_receipt"),
    path("report/<slug:service>/", report.desk_report, name="desk_report_of"),
    path("notices/", notices.notices, name="notices"),
    path("notices/seen", notices.notices_seen, name="notices_seen"),
    path("notices/<uuid:notice>/", notices.notice_open, name="notice_open"),
    path("profile/", profile.profile, name="profile"),
    path("profile/absence/", profile.absence_add, name="absence_add"),
    path("profile/absence/<int:absence>/", profile.absence_end, name="absence_end"),
    path("profile/rights/", profile.elevate_now, name="elevate"),
    path("profile/rights/end", profile.elevate_end, name="elevate_end"),
]
