from django.apps import AppConfig


class ReformConfig(AppConfig):
    name = "reform"
    verbose_name = "全体"

    def ready(self) -> None:
        from reform import checks, door_checks, health, orphans  # noqa: F401  register the checks and what the sweep looks at
        from reform.kept_names import name_pages

        name_pages()
