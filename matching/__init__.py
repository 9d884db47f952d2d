"""Which listings are the same organisation, who can serve whom, which consortium is possible: pure functions."""
