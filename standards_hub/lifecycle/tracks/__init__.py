"""Tracks as versioned data: one TOML file each beside this page, a standard stays on the version it started under."""

from standards_hub.lifecycle.tracks.loading import TrackError, load_file, load_tracks, newest, track, track_files

__all__ = ["TrackError", "load_file", "load_tracks", "newest", "track", "track_files"]
