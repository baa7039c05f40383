from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "citong.core.places"
    label = "places"
