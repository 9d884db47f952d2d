"""Which offer can serve which request: constraints, facts, score and rank."""
