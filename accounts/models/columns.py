"""What columns are made of that Django does not have. Migrations name it by this module: it never moves."""

from __future__ import annotations

import secrets


def new_key() -> str:
    """A name that nobody can guess."""
    return secrets.token_urlsafe(24)
