"""Frames in, documents out, for three kinds of readers; the only place that knows great-tables and Jinja."""
