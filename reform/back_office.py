"""Puts the project's own back office in the place of Django's admin site."""

from django.contrib.admin.apps import AdminConfig


class BackOfficeConfig(AdminConfig):
    default_site = "reform.admin.BackOffice"
