"""Tracks as versioned data: one TOML file each beside this page, a standard stays on the version it started under."""
