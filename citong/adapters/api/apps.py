from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "citong.adapters.api"
    label = "api"
