"""The door: what is let in before a page is asked for. Bodies and uploads, sign-ins, sessions, and what was typed before one ended."""
