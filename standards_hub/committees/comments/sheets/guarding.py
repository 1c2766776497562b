"""What a comment sheet may hold, before it is parsed."""

from standards_hub.kernel import archives
from standards_hub.kernel.archives import Limits
from standards_hub.kernel.errors import TooLarge
from standards_hub.kernel.messages import say

MOST_BYTES = 20 * 1024 * 1024
LIMITS = Limits(entries=1000, unpacked=100 * 1024 * 1024)


def parts_of(content: bytes) -> dict[str, bytes]:
    """The parts of a DOCX or XLSX by name. Raises `BadInput` or `TooLarge` with the mend."""
    if len(content) > MOST_BYTES:
        raise TooLarge(say("文件超过 {most} MB，请拆分或压缩图片后再上传", most=MOST_BYTES // 1024**2))
    return archives.parts_of(content, LIMITS)
