from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "approvals"
    verbose_name = "承認"
    default_auto_field = "django.db.models.BigAutoField"
