"""One module per wire format: bytes in, rows of plain text out. Nothing here knows a platform."""
