from django.apps import AppConfig


class SearchConfig(AppConfig):
    name = "citong.core.search"
    label = "search"
