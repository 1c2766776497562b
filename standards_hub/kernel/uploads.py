"""Who put a file into the store. Its hash is no key to it: whoever only knows the hash may not use the file as their own."""

from datetime import datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field, SQLModel

from standards_hub.kernel.database import Utc
from standards_hub.kernel.events import Change, table_of
from standards_hub.kernel.work import Work
from standards_hub.kernel.writing import write


class UploadRow(SQLModel, table=True):
    """That an account sent a file; the same file may be sent by many."""

    __tablename__ = "upload"
    sha256: str = Field(primary_key=True)
    account_id: UUID = Field(primary_key=True)
    sent_at: datetime = Field(sa_type=Utc)


UPLOAD = table_of(UploadRow)


async def keep(work: Work, content: bytes) -> str:
    """Put a file into the store as the actor's own, once this work is committed; answers with its hash."""
    digest = work.files.put(content)
    if work.actor.account is not None:
        key = {"sha256": digest, "account_id": work.actor.account}
        await write(work.connection, [Change("ask", UPLOAD.name, key, {"sent_at": work.clock.now()})])
    return digest


async def own(work: Work, digest: str) -> bool:
    """Whether the actor sent this file; to the hub itself every file is its own."""
    if work.actor.system or work.actor.account is None:
        return work.actor.system
    query = sa.select(UPLOAD.c.sha256).where(UPLOAD.c.sha256 == digest, UPLOAD.c.account_id == work.actor.account)
    return (await work.connection.execute(query)).first() is not None
