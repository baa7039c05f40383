from django.apps import AppConfig


class RegisterConfig(AppConfig):
    name = "citong.core.register"
    label = "register"
