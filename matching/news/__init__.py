"""What the week brings: opportunities and their states, shortages, key figures."""
