"""Rules that the database holds and that Django's own constraints cannot say on both engines (no models)."""
