from django.apps import AppConfig


class KnowledgeConfig(AppConfig):
    name = "citong.core.knowledge"
    label = "knowledge"
