"""Which records are the same organisation: candidates, comparison, weights, clusters, identity."""
