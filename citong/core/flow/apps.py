from django.apps import AppConfig


class FlowConfig(AppConfig):
    name = "citong.core.flow"
    label = "flow"
