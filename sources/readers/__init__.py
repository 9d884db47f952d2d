"""One module per wire format: bytes in, rows of plain text out (`workbook`: and back). No platform is known here."""
