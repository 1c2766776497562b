"""Meetings as pages."""

from typing import Any

from standards_hub.committees.meetings.pages import acting, listing, one

PAGES: list[Any] = [*listing.PAGES, *acting.PAGES, *one.PAGES]
