"""The project. Importing it makes the Celery application the current one, for tasks sent from web processes."""

from reform.celery import app as celery_app

__all__ = ["celery_app"]
