from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "citong.core.ledger"
    label = "ledger"

    def ready(self) -> None:
        """The settings of time stamps are checked with all others."""
        from citong.core.ledger import stamp  # noqa: F401
