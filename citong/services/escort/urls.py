"""Addresses of escorts: on the road below escort/, in the centre below desk/escorts/."""

from django.urls import path

from citong.services.escort.pages import console, doing, live, report, road

urlpatterns = [
    path("escort/", road.ask, name="escort_ask"),
    path("escort/stand-by/", road.stand_by, name="escort_stand_by"),
    path("escort/<str:number>/", road.drive, name="escort_drive"),
    path("escort/<str:number>/part", road.drive_part, name="escort_drive_part"),
    path("escort/<str:number>/place", road.place, name="escort_place"),
    path("escort/<str:number>/do/<str:name>", doing.do, name="escort_do"),
    path("desk/escorts/", console.console, name="escorts"),
    path("desk/escorts/part", console.part, name="escorts_part"),
    path("desk/escorts/live", live.live, name="escort_live"),
    path("desk/escorts/map.geojson", console.escort_map, name="escort_map"),
    path("desk/escorts/<str:number>/", console.watch, name="escort_watch"),
    path("desk/escorts/<str:number>/part", console.watch_part, name="escort_watch_part"),
    path("desk/escorts/<str:number>/report/", report.report, name="escort_report"),
]
