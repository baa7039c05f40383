from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "citong.adapters.open311"
    label = "open311"
