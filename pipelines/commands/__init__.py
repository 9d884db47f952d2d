"""One module a command; `pipelines.cli` loads the one that was asked for."""
