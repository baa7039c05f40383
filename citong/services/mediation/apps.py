from django.apps import AppConfig


class MediationConfig(AppConfig):
    name = "citong.services.mediation"
    label = "mediation"

    def ready(self) -> None:
        """Pages show what the service has to say of its cases, and notices know its words."""
        from citong.services.mediation import knowledge, papers_shown  # noqa: F401
        from citong.services.mediation.desk import invitation  # noqa: F401
        from citong.services.mediation.public import party  # noqa: F401
        from citong.services.mediation.sessions import panels, words  # noqa: F401
