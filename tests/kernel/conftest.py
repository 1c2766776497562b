"""Fixtures of the kernel's tests."""

from tests.kernel.engines import hub, url

__all__ = ["hub", "url"]
