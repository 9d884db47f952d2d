"""What the platforms say, in one shape; `PLATFORMS` is the registry."""
