"""For load balancers and containers: does the process answer, and does its database?"""

import logging

from django.contrib.auth.decorators import login_not_required
from django.db import Error
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from reform.health import reasons

log = logging.getLogger(__name__)


@login_not_required
@never_cache
@require_GET
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while pages are served: `ok`, or `degraded` and a line for each reason; 503 when the database does not answer.

    Starting the process anew mends no reason for `degraded`: so a probe that looks at the status alone leaves it alone.
    """
    try:
        found = reasons()  # one query
    except Error as error:
        log.error("healthz: %s", error)
        return HttpResponse("down\ndatabase", content_type="text/plain", status=503)
    return HttpResponse("\n".join(["degraded", *found]) if found else "ok", content_type="text/plain")
