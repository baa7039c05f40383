from django.apps import AppConfig


class HooksConfig(AppConfig):
    name = "citong.core.hooks"
    label = "hooks"
