"""How bytes are fetched: polite HTTP, IMAP, an inbox folder."""
