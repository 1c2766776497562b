"""The doors of an import: JSON and the command line."""

import json
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner, Result
from litestar import Litestar, Request
from litestar.di import Provide
from litestar.testing import AsyncTestClient

from standards_hub.cli import runtime
from standards_hub.cli.portfolio import COMMANDS
from standards_hub.kernel.access.actor import Actor, Grant
from standards_hub.kernel.clock import Clock
from standards_hub.kernel.database import Database
from standards_hub.kernel.errors import HubError
from standards_hub.kernel.files import FileStore
from standards_hub.kernel.http import problem_response
from standards_hub.kernel.work import Hub, Work
from standards_hub.lifecycle.intake.controllers import CONTROLLERS, XLSX
from tests.lifecycle.intake.files import good, text, workbook

OFFICER = Actor(account=uuid4(), name="officer", grants=(Grant("officer", ("hub", "*")),))


def an_app(hub: Hub) -> Litestar:
    async def work() -> AsyncIterator[Work]:
        async with hub.work(OFFICER) as found:
            yield found
            await found.commit()

    async def reading() -> AsyncIterator[Work]:
        async with hub.reading(OFFICER) as found:
            yield found

    def on_error(request: Request[Any, Any, Any], error: HubError) -> Any:
        return problem_response(request, error)

    return Litestar(
        CONTROLLERS, dependencies={"work": Provide(work), "reading": Provide(reading)}, exception_handlers={HubError: on_error}  # type: ignore[dict-item]
    )  # fmt: skip


async def test_upload_correct_accept_and_undo_by_json(registers: Hub) -> None:
    base = "/imports/portfolio"
    rows = [good(1), good(2, 归口标委会="SAC/TC 1")]
    async with AsyncTestClient(an_app(registers)) as client:
        template = await client.get(f"{base}/template")
        assert template.headers["content-type"] == XLSX and template.content[:2] == b"PK"
        upload = await client.post(base, files={"file": ("台账.xlsx", workbook(rows))}, data={"create_organisations": "false"})
        assert upload.status_code == 201
        found = upload.json()
        one = f"{base}/{found['id']}"
        assert found["counts"]["error"] == 1 and found["rows"][1]["problems"][0]["cell"] == "J3"
        assert [row["row"] for row in (await client.get(one, params={"outcome": "error"})).json()["rows"]] == [3]
        refused = await client.post(f"{one}/acceptance", json={})
        assert refused.status_code == 409 and refused.json()["unmet"][0]["where"] == "J3"
        assert (await client.get(f"{one}/errors")).content[:2] == b"PK"
        fixed = await client.post(f"{one}/corrections", json={"cells": [{"row": 3, "column": "归口标委会", "value": "SAC/TC 9309"}]})
        assert fixed.json()["counts"]["ok"] == 2
        taken = await client.post(f"{one}/acceptance", json={"only_good": False})
        assert taken.status_code == 200 and taken.json()["counts"]["taken"] == 2
        assert (await client.post(f"{one}/acceptance", json={})).json()["code"] == "accepted"
        assert [row["standard_id"] is not None for row in (await client.get(one)).json()["rows"]] == [True, True]
        assert [i["state"] for i in (await client.get(base)).json()] == ["accepted"]
        assert (await client.delete(one)).json()["code"] == "accepted"
        other = (await client.post(base, files={"file": ("另一份.xlsx", workbook([good(3)]))})).json()["id"]
        assert (await client.delete(f"{base}/{other}")).status_code == 204 and (await client.delete(f"{base}/{other}")).status_code == 404
        undone = await client.post(f"{one}/undoing", json={"reason": "导错了文件"})
        assert undone.json()["state"] == "undone"
        assert (await client.get(f"{base}/{uuid4()}")).status_code == 404
        bad = await client.post(base, files={"file": ("台账.xlsx", b"PK nothing")})
        assert bad.status_code == 422 and "XLSX" in bad.json()["detail"]


@pytest.fixture
def command(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Calls a command on a hub of its own."""

    class Prepared:
        def hub(self) -> Hub:
            return Hub(Database(sqlite_url), FileStore(tmp_path / "files"), Clock(date(2026, 11, 24)))

    monkeypatch.setattr(runtime, "prepared", Prepared)
    named = {one.name: one for one in COMMANDS}

    def call(name: str, *arguments: str) -> Result:
        return CliRunner().invoke(named[name], list(arguments))

    return call


def test_the_command_line_checks_writes_the_error_file_accepts_and_undoes(command: Any, tmp_path: Path) -> None:
    plain = {"归口标委会": None, "领域": None}
    file, errors, template = tmp_path / "a.csv", tmp_path / "errors.xlsx", tmp_path / "t.xlsx"
    file.write_bytes(text([good(1, **plain), good(2, 现处步骤="?", **plain)], encoding="gb18030"))
    wrong = command("portfolio", str(file), "--create-organisations", "--errors", str(errors))
    assert wrong.exit_code == 1 and "D3 现处步骤 [error]" in wrong.output and "没有写入任何数据" in wrong.output
    assert errors.read_bytes()[:2] == b"PK"
    good_only = command("portfolio", str(file), "--create-organisations", "--accept-good", "--json")
    found = json.loads(good_only.output)
    assert good_only.exit_code == 0 and found["counts"]["taken"] == 1
    dry = command("portfolio", str(file), "--dry-run", "--create-organisations")
    assert dry.exit_code == 1 and "同一文件已于" in dry.output and "没有写入任何数据" in dry.output
    assert command("undo", found["id"], "--reason", "导错了").exit_code == 0
    assert command("template", "--out", str(template)).exit_code == 0 and template.read_bytes()[:2] == b"PK"
