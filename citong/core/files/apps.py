from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "citong.core.files"
    label = "files"
