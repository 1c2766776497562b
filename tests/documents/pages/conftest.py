"""An application without any data, beside the example office."""

from tests.api.conftest import app, sqlite_app

__all__ = ["app", "sqlite_app"]
