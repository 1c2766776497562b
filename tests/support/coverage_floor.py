"""Coverage may not fall: a whole run with `--cov` fails below the floor, and says when the floor can be raised."""

from pathlib import Path

import pytest

FLOOR = Path(__file__).parents[1] / "coverage-floor.txt"
GIVE = 0.1
"""Percent that may be missing: which thread came first moves a line or two."""
RAISE_ABOVE = 0.5


def _measuring(config: pytest.Config) -> bool:
    """Whether this is the run of all tests with coverage; a narrower one cannot reach the floor."""
    return bool(config.option.cov_source) and config.args_source is not pytest.Config.ArgsSource.ARGS and not config.option.keyword


def ask(config: pytest.Config) -> None:
    if _measuring(config):  # pytest-cov keeps options of its own, made before pytest's were read to the end
        config.pluginmanager.getplugin("_cov").options.cov_fail_under = float(FLOOR.read_text()) - GIVE


def tell(reporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    total = getattr(config.pluginmanager.getplugin("_cov"), "cov_total", None)
    floor = float(FLOOR.read_text())
    if total and _measuring(config) and not hasattr(config, "workerinput") and total > floor + RAISE_ABOVE:
        reporter.write_line(f"Coverage is {total:.1f} %, the floor {floor:.1f} %: raise it in {FLOOR.relative_to(Path.cwd())}", yellow=True)
