"""Addresses of signals, below desk/."""

from django.urls import path

from citong.services.signals.desk import arterials, junctions, panels

urlpatterns = [
    path("desk/signals/", junctions.junction_list, name="signals"),
    path("desk/signals/junctions.geojson", junctions.junction_points, name="signals_points"),
    path("desk/signals/arterials/", arterials.arterial_list, name="signals_arterials"),
    path("desk/signals/arterials/<uuid:arterial>/", arterials.arterial_page, name="signals_arterial"),
    path("desk/signals/simulations/<uuid:simulation>/", panels.simulation_page, name="signals_simulation"),
    path("desk/signals/<uuid:junction>/", junctions.junction_page, name="signals_junction"),
    path("desk/signals/<uuid:junction>/now/", junctions.junction_now, name="signals_junction_now"),
    path("desk/signals/<uuid:junction>/change/", junctions.change_new, name="signals_change"),
]
