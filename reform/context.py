"""What every page's template can read."""

from django.conf import settings
from django.http import HttpRequest


def site(request: HttpRequest) -> dict[str, object]:
    """The names of the site and the city, and the asking person's rights."""
    return {
        "site_name": settings.SITE_NAME,
        "city_name": settings.CITY_NAME,
        "access": getattr(request, "access", None),
    }
