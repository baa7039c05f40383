from django.apps import AppConfig


class SignalsConfig(AppConfig):
    name = "citong.services.signals"
    label = "signals"

    def ready(self) -> None:
        """The pages of plan changes show what the service has to say of them."""
        from citong.services.signals.desk import panels  # noqa: F401
