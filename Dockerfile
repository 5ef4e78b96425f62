# One image for every process of the application: web, worker, beat and management commands.
FROM python:3.12-slim-bookworm

ENV PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PIP_NO_CACHE_DIR=1 \
    PIP_DISABLE_PIP_VERSION_CHECK=1

# What the report's PDF is made with (script/setup installs the same on a machine of your own).
RUN apt-get update \
    && apt-get install --yes --no-install-recommends \
        libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-morisawa-bizud-gothic \
    && rm -rf /var/lib/apt/lists/*

WORKDIR /app

# Before the code: these layers change only when the locks do.
COPY requirements/app.txt requirements/app.txt
RUN pip install --require-hashes --requirement requirements/app.txt

COPY . .

# Files that outlive a container go to volumes; the application itself is not writable for its user.
ENV MEDIA_ROOT=/srv/media \
    STATIC_ROOT=/srv/static \
    BIND=0.0.0.0:8000
# Compiled once: a process that reads a file starts in half the time.
RUN python -m compileall -q japan sheets \
    && python manage.py collectstatic --noinput --verbosity 0 \
    && useradd --system --uid 10001 --home-dir /srv --shell /usr/sbin/nologin app \
    && install --directory --owner=app --group=app --mode=700 /srv/media \
    && install --directory --owner=app --group=app /srv/for-proxy
USER app

EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s CMD ["python", "script/answers"]
CMD ["gunicorn"]
