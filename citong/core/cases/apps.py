from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "citong.core.cases"
    label = "cases"
