"""Shared by every test: the tiny town and its people (tests/cast.py)."""

pytest_plugins = ["tests.cast"]
