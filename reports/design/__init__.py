"""What every document shares: page, style, tables, charts."""
