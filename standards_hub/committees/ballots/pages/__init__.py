"""Ballots as pages."""

from typing import Any

from standards_hub.committees.ballots.pages import acting, listing, one, signing

PAGES: list[Any] = [*listing.PAGES, *acting.PAGES, *one.PAGES, *signing.PAGES]
