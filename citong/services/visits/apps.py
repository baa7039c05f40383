from django.apps import AppConfig


class VisitsConfig(AppConfig):
    name = "citong.services.visits"
    label = "visits"
