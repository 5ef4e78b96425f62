from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "職員と所属"

    def ready(self) -> None:
        from accounts import background  # noqa: F401  registers the mail about an account
        from accounts.id_lookups import register

        register()
