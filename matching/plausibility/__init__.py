"""What is held back before ranking: listings that nobody would call, each with the reason and the facts for it."""
