from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "citong.core.people"
    label = "people"
