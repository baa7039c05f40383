from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "citong.core.notices"
    label = "notices"
