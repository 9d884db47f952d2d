"""Who together covers a need: chains of roles, supply, plans and the program that chooses among them."""
