from django.apps import AppConfig


class ClocksConfig(AppConfig):
    name = "citong.core.clocks"
    label = "clocks"
