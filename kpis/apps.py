from django.apps import AppConfig


class KpisConfig(AppConfig):
    name = "kpis"
    verbose_name = "指標"

    def ready(self) -> None:
        from kpis import background  # noqa: F401  registers the recomputation
