"""How nearness and freshness fade, and what is open: the few numbers on which needs and consortia must agree."""

OPEN_STATUSES = ("open", "stale")  # of a listing; a stale one has not been confirmed for long, but was not withdrawn
UNKNOWN = 0.5  # a part that nobody stated speaks neither for nor against
HALF_DISTANCE_KM = 250.0  # the nearness part halves with every such distance
HALF_LIFE_DAYS = 45.0  # and freshness with every such age
