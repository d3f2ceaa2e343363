"""Putting the house together: from settings to running processes. Only `app.py` uses it."""
