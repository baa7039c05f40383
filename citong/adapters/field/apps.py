from django.apps import AppConfig


class FieldConfig(AppConfig):
    name = "citong.adapters.field"
    label = "field"
