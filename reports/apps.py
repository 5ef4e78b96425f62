from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "レポート"

    def ready(self) -> None:
        from reports import background  # noqa: F401  registers the export
