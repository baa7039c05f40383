from django.apps import AppConfig


class RequestsConfig(AppConfig):
    name = "citong.services.requests"
    label = "requests"
