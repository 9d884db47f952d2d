"""What came of opportunities: answers and outcomes as an append-only history, and what follows from them."""
