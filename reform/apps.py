from django.apps import AppConfig


class ReformConfig(AppConfig):
    name = "reform"
    verbose_name = "全体"

    def ready(self) -> None:
        from reform import checks  # noqa: F401  registers the checks
