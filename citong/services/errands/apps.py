from django.apps import AppConfig


class ErrandsConfig(AppConfig):
    name = "citong.services.errands"
    label = "errands"
