"""`standards-hub tracks`: check, show, draw and compare tracks. Needs no database."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click
import msgspec

from standards_hub.kernel.errors import BadInput, HubError, Unmet
from standards_hub.kernel.messages import say
from standards_hub.lifecycle.tracks import load_file, load_tracks, newest, track_files
from standards_hub.lifecycle.tracks.checking import check_file
from standards_hub.lifecycle.tracks.difference import difference
from standards_hub.lifecycle.tracks.drawing import draw
from standards_hub.lifecycle.tracks.model import Track
from standards_hub.lifecycle.tracks.words import words

language_option = click.option("--language", type=click.Choice(["zh", "en"]), default="zh", show_default=True, help="语言 / language")
json_option = click.option("--json", "as_json", is_flag=True, help="只输出 JSON / print JSON and nothing else")


class Counts:
    """How many standards stand at each step of a track; the command line fills `of` where there is a database."""

    def of(self, track: Track) -> Mapping[str, int] | None:
        return None


@click.group("tracks")
def tracks_group() -> None:
    """轨道：校验、查看、绘图、比较 / tracks: check, show, draw, compare"""


def _live() -> Counts:
    """The counts of this machine's hub; imported only here, because the other commands need no database."""
    from standards_hub.cli.live import Live

    return Live()


@tracks_group.command("check")
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@json_option
def check_tracks(files: tuple[Path, ...], as_json: bool) -> None:
    """校验轨道文件，缺省为全部 / check files, all of ours if none is named; exit code 1 if anything is wrong"""
    found = {str(path): check_file(path) for path in files or track_files()}
    if as_json:
        _json([{"file": file, "ok": not unmet, "errors": [_finding(u) for u in unmet]} for file, unmet in found.items()])
    for file, unmet in () if as_json else found.items():
        click.echo(say("{file}：{count} 处错误", file=Path(file).name, count=len(unmet)).both if unmet else f"{Path(file).name}: OK")
        for one in unmet:
            click.echo(f"  {one.where}: {one.why.both}")
    sys.exit(1 if any(found.values()) else 0)


@tracks_group.command("show")
@click.argument("which", nargs=-1, metavar="[轨道|文件]…")
@language_option
@json_option
def show_tracks(which: tuple[str, ...], language: str, as_json: bool) -> None:
    """用文字说明轨道；不写名称则列出全部 / a track's rules in words; the list of all if none is named"""
    if not which:
        every = list(load_tracks().values())
        if as_json:
            _json([_summary(track) for track in every])
        for track in () if as_json else every:
            click.echo(f"{track.id:36} {track.name.into(language)}　{track.authority.into(language)}")
        return
    found = [_find(name) for name in which]
    if as_json:
        _json([msgspec.to_builtins(track) | {"id": track.id, "words": _words(track)} for track in found])
    for track in () if as_json else found:
        _show(track, language)


@tracks_group.command("draw")
@click.argument("which", nargs=-1, metavar="[轨道|文件]…")
@click.option("--out", type=click.Path(path_type=Path, file_okay=False), help="写入此文件夹，每条轨道一个 SVG / folder for one SVG a track")
@language_option
@click.pass_context
def draw_tracks(context: click.Context, which: tuple[str, ...], out: Path | None, language: str) -> None:
    """画成 SVG / draw as SVG; without --out one track goes to standard output"""
    counts = context.find_object(Counts) or _live()
    found = [_find(name) for name in which] or list(load_tracks().values())
    if out is None and len(found) > 1:
        raise click.UsageError(say("多条轨道须用 --out 指定文件夹").both)
    for track in found:
        svg = draw(track, counts.of(track), language)
        if out is None:
            click.echo(svg)
            continue
        try:
            out.mkdir(parents=True, exist_ok=True)
            path = out / f"{track.key}.svg"
            path.write_text(svg, "utf-8")
        except OSError as error:
            raise click.ClickException(say("不能写入 {file}：{error}", file=str(error.filename), error=error.strerror).both) from None
        click.echo(str(path))


@tracks_group.command("diff")
@click.argument("old")
@click.argument("new")
@language_option
@json_option
def diff_tracks(old: str, new: str, language: str, as_json: bool) -> None:
    """两个版本之间改了什么 / what changed between two versions"""
    changes = difference(_find(old), _find(new))
    if as_json:
        _json([{**msgspec.to_builtins(change), "text": _both(change.text)} for change in changes])
        return
    for change in changes:
        click.echo(change.text.into(language))
    if not changes:
        click.echo(say("没有差别").into(language))


def _find(name: str) -> Track:
    """A track by file, which must be free of errors, by `key@version`, or the newest of a key."""
    try:
        if name.endswith(".toml"):
            if unmet := check_file(Path(name)):
                raise BadInput(say("轨道文件 {file} 不能使用", file=Path(name).name), unmet=unmet)
            return load_file(Path(name))
        return load_tracks()[name] if name in load_tracks() else newest(name)
    except HubError as error:
        raise click.ClickException(str(error)) from None


def _show(track: Track, language: str) -> None:
    click.echo(click.style(f"{track.name.into(language)}　{track.id}　{track.authority.into(language)}", bold=True))
    indent = {"step": "", "transition": "  ", "gate": "    - "}
    for rule in words(track):
        click.echo(indent.get(rule.topic, "") + rule.marked().into(language))
    click.echo(say("出处").into(language))
    for source in track.sources:
        click.echo(f"  {source.id}　{source.said.into(language)}")


def _summary(track: Track) -> dict[str, Any]:
    names = {"name": _both(track.name), "authority": _both(track.authority)}
    return {"id": track.id, "key": track.key, "version": track.version, "family": track.family, "profile": track.profile, **names}


def _words(track: Track) -> list[dict[str, Any]]:
    return [
        {"topic": rule.topic, "place": rule.place, "text": _both(rule.text), "source": rule.source, "verified": rule.verified}
        for rule in words(track)
    ]


def _finding(unmet: Unmet) -> dict[str, Any]:
    return {"code": unmet.code, "where": unmet.where, "why": _both(unmet.why)}


def _both(text: Any) -> dict[str, str]:
    return {language: text.into(language) for language in ("zh", "en")}


def _json(value: Any) -> None:
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2).decode())
