"""What every page's template can read."""

from functools import partial

from django.conf import settings
from django.http import HttpRequest

from accounts.back_office.access import may_use_back_office


def site(request: HttpRequest) -> dict[str, object]:
    """The names of the site and the city, both in one, and the asking person's rights."""
    return {
        "site_name": settings.SITE_NAME,
        "city_name": settings.CITY_NAME,
        "site_title": f"{settings.CITY_NAME} {settings.SITE_NAME}".strip(),
        "access": getattr(request, "access", None),
        # Asked only by pages that show the way there.
        "may_administer": partial(may_use_back_office, request),
    }
