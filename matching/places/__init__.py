"""Where something is: towns, regions and distances."""
