from django.apps import AppConfig


class InquiriesConfig(AppConfig):
    name = "inquiries"
    verbose_name = "照会"

    def ready(self) -> None:
        from inquiries import background, stored  # noqa: F401  registers what is done each morning, and the files
