from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "レポート"

    def ready(self) -> None:
        from kpis.definitions.publications import publishes
        from reports import background, stored  # noqa: F401  registers the export and the files of editions
        from reports.printed import printed_codes

        publishes(printed_codes)
