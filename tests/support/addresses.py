"""One address of every route of the pages: what stands in the places of its path."""

import re

from litestar import Litestar

from standards_hub.committees.founding.rules import way

PLACE = re.compile(r"{(\w+)}")
SUBJECTS = {
    "/standards/": "standard", "/committees/": "committee", "/organisations/": "organisation", "/people/": "person", "/projects/": "project",
    "/catalogue/": "catalogue", "/imports/": "import", "/reports/": "report", "/ballots/": "ballot", "/enquiries/": "enquiry",
    "/meetings/": "meeting",
}  # fmt: skip
"""What `{id}` is under an address."""
NAMED = {
    "seat_id": "seat", "interest_id": "interest", "commitment_id": "commitment", "claim_id": "claim", "paper_id": "paper", "account_id": "account",
    "proof_id": "proof", "voter_id": "voter",
    "item_id": "item", "duty_id": "duty", "decision_id": "decision", "import_id": "merged", "comment_id": "comment",
    "evidence_id": "evidence", "package_id": "package", "standard_id": "standard",
    "key": "plan", "target": "target", "entry": "entry", "track_id": "track",
}  # fmt: skip
WORDS = {
    "kind": "officer", "format": "json", "file_path": "hub.css", "path": "nowhere", "act": "advance", "n": "1", "other": "2",
    "document": "notice.docx", "which": "minutes", "part": "zip",
}  # fmt: skip
ESPECIALLY = {
    "/plans/{key}/snapshots/{n}/contents/{name}": {"name": "content"}, "/plans/{key}/rules/file/{format}": {"format": "sheet"},
    "/evidence/{number}": {"number": "evidence number"},
    "/organisations/{id}/reopen": {"id": "closed"}, "/people/{id}/return": {"id": "left"}, "/invitation/{secret}": {"secret": "invitation"},
    "/reset/{secret}": {"secret": "reset"}, "/calendar/{name}": {"name": "calendar"}, "/ballots/{id}/sheet.docx": {"id": "counted"},
    "/ballots/{id}/sheets/{sheet_id}/file": {"id": "counted", "sheet_id": "signed sheet"},
    "/meetings/{id}/papers/{paper_id}/file": {"paper_id": "tabled"}, "/meetings/{id}/signed/{which}": {"id": "minutes"},
    "/enquiries/of/{kind}/{id}": {"kind": "subject_kind", "id": "subject"},
    **{f"/committees/{{id}}/course/{act}": {"id": f"to {act}"} for act in way().acts},
}  # fmt: skip
"""Routes for which something of another kind must stand in the address."""


def address(route: str, places: dict[str, str]) -> str:
    """A route with something in each place. Raises for a place that nobody has given yet: a new page needs one here."""

    def fill(place: re.Match[str]) -> str:
        name = place[1]
        if name in ESPECIALLY.get(route, {}):
            return places[ESPECIALLY[route][name]]
        if name == "id":
            return places[next(kind for prefix, kind in SUBJECTS.items() if route.startswith(prefix))]
        return places[NAMED[name]] if name in NAMED else WORDS[name]

    return PLACE.sub(fill, route)


def routes(app: Litestar, method: str = "GET") -> list[str]:
    """The routes of the pages, without those of the API."""
    found = {route.path_format for route in app.routes for handler in route.route_handlers if method in handler.http_methods}  # type: ignore[attr-defined]
    return sorted(path for path in found if not path.startswith("/api/"))
