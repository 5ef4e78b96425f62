"""Pages that see all: home, overview, health."""

from reform.views.health import healthz
from reform.views.home import home
from reform.views.overview import overview
from reform.views.reorganisation import reorganisation

__all__ = ["healthz", "home", "overview", "reorganisation"]
