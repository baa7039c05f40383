"""Addresses of the visits, below desk/."""

from django.urls import path

from citong.services.visits import screens

urlpatterns = [
    path("desk/visits/", screens.visits_page, name="visits"),
    path("desk/visits/export.csv", screens.visits_export, name="visits_export"),
    path("desk/visits/mine/", screens.my_visits, name="my_visits"),
    path("desk/visits/mine/<uuid:dwelling>/", screens.visit_form, name="visit_form"),
]
