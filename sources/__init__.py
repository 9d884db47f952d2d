"""What the platforms say, in one shape; the registry is `sources.platforms.PLATFORMS`."""
