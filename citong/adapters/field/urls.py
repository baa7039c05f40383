"""Addresses of the phone app, of its doors, and of the page of phones."""

from django.urls import path

from citong.adapters.field import enrolment, pages, shell, views

urlpatterns = [
    path("field/", shell.page, name="field"),
    path("field/sw.js", shell.worker, name="field_worker"),
    path("field/manifest.webmanifest", shell.manifest, name="field_manifest"),
    path("field/csrf", shell.csrf, name="field_csrf"),
    path("field/devices", enrolment.enrol, name="field_enrol"),
    path("field/devices/<uuid:device>/share", enrolment.share, name="field_share"),
    path("field/pull", views.pull, name="field_pull"),
    path("field/push", views.push, name="field_push"),
    path("field/first/<str:scope>", views.first, name="field_first"),
    path("field/forgotten", views.forgotten, name="field_forgotten"),
    path("field/footprint", views.footprints, name="field_footprint"),
    path("field/forms", views.forms, name="field_forms"),
    path("field/map", views.map, name="field_map"),
    path("field/pieces/<str:sha256>", views.piece, name="field_piece"),
    path("desk/devices/", pages.devices, name="devices"),
    path("desk/devices/<uuid:device>/revoke", pages.revoke, name="device_revoke"),
    path("desk/devices/refused/", pages.refused, name="refused_operations"),
    path("desk/devices/refused/<uuid:operation>/", pages.operation, name="refused_operation"),
    path("desk/devices/refused/<uuid:operation>/again", pages.again, name="operation_again"),
    path("desk/devices/refused/<uuid:operation>/settle", pages.settle, name="operation_settle"),
]
