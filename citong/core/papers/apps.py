from django.apps import AppConfig


class PapersConfig(AppConfig):
    name = "citong.core.papers"
    label = "papers"
