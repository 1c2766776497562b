"""Fonts of official documents: the names that GB/T 9704 offices use, and the free faces that stand in for them.

A DOCX names the official fonts and carries none, so it looks right where they are installed. A PDF embeds free faces.
"""

import logging
import shutil
import subprocess
from functools import cache

from standards_hub.kernel.errors import HubError
from standards_hub.kernel.messages import say

SERIF = "Noto Serif CJK SC"
SANS = "Noto Sans CJK SC"

BODY = "仿宋_GB2312"
KAI = "楷体_GB2312"
HEI = "黑体"
TITLE = "方正小标宋简体"
SONG = "宋体"

ALTERNATIVES: dict[str, tuple[str, ...]] = {
    BODY: ("仿宋", "FangSong", "STFangsong", SERIF),
    KAI: ("楷体", "KaiTi", "STKaiti", SERIF),
    HEI: ("SimHei", "STHeiti", SANS),
    TITLE: ("小标宋", "华文中宋", "STZhongsong", SERIF),
    SONG: ("SimSun", "STSong", SERIF),
}
"""What a word processor may use where the official font is missing, the best first."""

log = logging.getLogger(__name__)


@cache
def require_free_faces() -> None:
    """Make sure that the faces for PDF and figures are installed, and log what stands in for what.

    Raises `HubError` naming the Debian package; without it fontconfig would take a face without Chinese characters.
    """
    listing = shutil.which("fc-list")
    if listing is None:
        return
    families = subprocess.run([listing, ":lang=zh-cn", "family"], capture_output=True, text=True, check=False, timeout=60).stdout
    missing = [face for face in (SERIF, SANS) if face not in families]
    if missing:
        raise HubError(say("缺少字体 {fonts}，请安装 Debian 软件包 fonts-noto-cjk", fonts="、".join(missing)), code="fonts-missing")
    log.info("fonts substituted: %s", "; ".join(f"{name} by {faces[-1]}" for name, faces in ALTERNATIVES.items()))
