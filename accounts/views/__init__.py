"""Pages about people and their posts."""
