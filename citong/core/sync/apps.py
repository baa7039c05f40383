from django.apps import AppConfig


class SyncConfig(AppConfig):
    name = "citong.core.sync"
    label = "sync"
