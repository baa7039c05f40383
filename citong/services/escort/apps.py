from django.apps import AppConfig


class EscortConfig(AppConfig):
    name = "citong.services.escort"
    label = "escort"

    def ready(self) -> None:
        """The page of a case shows the way to its drive."""
        from citong.services.escort.pages import panel  # noqa: F401
