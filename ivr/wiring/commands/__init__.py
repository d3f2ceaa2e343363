"""The commands of `app.py`, one module each, so that a process loads only what its own command needs."""
