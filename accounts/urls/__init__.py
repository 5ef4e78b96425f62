"""Addresses of the pages about people and their posts."""
