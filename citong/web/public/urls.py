"""Addresses of the public site."""

from django.urls import path

from citong.web.public import account, cases, files, hints, home, looks, map, open_data, receipt, report, track

urlpatterns = [
    path("", home.home, name="home"),
    path("report/", report.report, name="report"),
    path("report/kinds", hints.suggest_kinds, name="suggest_kinds"),
    path("report/nearby", hints.nearby, name="nearby"),
    path("report/where", hints.where, name="where"),
    path("report/<slug:service>/", report.report, name="report_to"),
    path("receipt/", receipt.receipt, name="receipt"),
    path("receipt/print/", receipt.receipt_print, name="receipt_print"),
    path("receipt/kept/", receipt.receipt_kept, name="receipt_kept"),
    path("r/<str:number>/<str:secret>/", receipt.receipt_link, name="receipt_link"),
    path("track/", track.track, name="track"),
    path("track/<str:number>/", track.tracked, name="tracked"),
    path("track/<str:number>/looks/", looks.looks, name="looks"),
    path("track/<str:number>/proof.json", looks.proof, name="proof"),
    path("track/<str:number>/do/<str:name>/", track.tracked_act, name="tracked_act"),
    path("reports/", account.my_reports, name="my_reports"),
    path("map/", map.public_map, name="public_map"),
    path("map/cases.geojson", map.public_cases, name="public_cases"),
    path("map/districts.geojson", map.district_outlines, name="district_outlines"),
    path("map/grids.geojson", map.near_grids, name="near_grids"),
    path("open-data/", open_data.open_data, name="open_data"),
    path("open-data/requests.csv", open_data.open_data_file, {"form": "csv"}, name="open_data_csv"),
    path("open-data/requests.geojson", open_data.open_data_file, {"form": "geojson"}, name="open_data_geojson"),
    path("c/<str:number>/", cases.public_case, name="public_case"),
    path("c/<str:number>/follow/", cases.follow_case, name="follow"),
    path("files/<uuid:attachment_id>/", files.attachment, name="attachment"),
    path("privacy/", home.privacy, name="privacy"),
]
