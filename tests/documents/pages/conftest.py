"""An application without any data, beside the example office."""

from tests.api.conftest import sqlite_app

__all__ = ["sqlite_app"]
