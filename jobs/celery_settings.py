"""The Celery settings, as plain values that the settings module can take in before any application is loaded."""

from __future__ import annotations

from celery.schedules import crontab

#: Seconds after which a job is stopped: softly (it may say why), then for good.
SOFT_LIMIT = 540
HARD_LIMIT = 600


def celery_settings(redis_url: str) -> dict[str, object]:
    """CELERY_* settings. With the defaults a killed worker's job came back after an hour; with these in seconds.

    `visibility_timeout` must exceed the hard limit, or a long job would be handed out twice.
    """
    return {
        "CELERY_BROKER_URL": redis_url or "memory://localhost",
        "CELERY_TIMEZONE": "Asia/Tokyo",
        "CELERY_TASK_ACKS_LATE": True,
        "CELERY_TASK_REJECT_ON_WORKER_LOST": True,
        "CELERY_TASK_IGNORE_RESULT": True,
        "CELERY_TASK_SOFT_TIME_LIMIT": SOFT_LIMIT,
        "CELERY_TASK_TIME_LIMIT": HARD_LIMIT,
        "CELERY_TASK_PUBLISH_RETRY": False,
        "CELERY_WORKER_PREFETCH_MULTIPLIER": 1,
        "CELERY_WORKER_HIJACK_ROOT_LOGGER": False,
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_BROKER_TRANSPORT_OPTIONS": {
            "visibility_timeout": HARD_LIMIT + 100,
            "unacked_restore_interval": 2,
            "unacked_restore_throttle": 5,
            "socket_timeout": 5,
            "socket_connect_timeout": 2,
            "socket_keepalive": True,
            "health_check_interval": 10,
        }
        if redis_url
        else {},
        "CELERY_BEAT_SCHEDULE": {
            "make-inquiries": {
                "task": "jobs.tasks.begin",
                "args": ("make_inquiries",),
                "schedule": crontab(hour=5, minute=30),
            },
            # Before people come in; closed days are left out by the job itself.
            "send-reminders": {
                "task": "jobs.tasks.begin",
                "args": ("send_reminders",),
                "schedule": crontab(hour=7, minute=30),
            },
        },
    }
