from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "citong.core.ledger"
    label = "ledger"
