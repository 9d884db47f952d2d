"""What the platforms say, in one shape; `PLATFORMS` is the registry."""

from sources import biopro_boerse, findthemasks, getusppe
from sources.platform import Platform

PLATFORMS: tuple[Platform, ...] = (
    biopro_boerse.PLATFORM,
    findthemasks.PLATFORM,
    getusppe.PLATFORM,
)
