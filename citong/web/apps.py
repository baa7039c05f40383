from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "citong.web"
    label = "web"
