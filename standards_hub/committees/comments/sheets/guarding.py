"""What a comment sheet may hold, before it is parsed."""

from standards_hub.kernel import archives
from standards_hub.kernel.archives import Limits
from standards_hub.kernel.errors import TooLarge
from standards_hub.kernel.messages import say

MOST_BYTES = 20 * 1024 * 1024
MOST_PART = 24 * 1024 * 1024
"""Bytes of one part, for parsed it takes about twenty times as much; the markup of two thousand rows comes to a tenth of this."""
LIMITS = Limits(entries=1000, unpacked=100 * 1024 * 1024)


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a DOCX or XLSX by name. Raises `BadInput` or `TooLarge` with the mend."""
    if len(content) > MOST_BYTES:
        raise TooLarge(say("文件超过 {most} MB，请拆分或压缩图片后再上传", most=MOST_BYTES // 1024**2))
    parts = archives.parts_of(content, LIMITS)
    if any(len(data) > MOST_PART for data in parts.values()):
        raise TooLarge(say("文件展开后超过 {most} MB，或压缩得异常紧密，请删去无关的内容", most=MOST_PART // 1024**2))
    return parts
