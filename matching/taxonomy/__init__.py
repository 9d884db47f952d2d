"""What is asked for and offered: concepts, how texts name them, how they are related, recipes. As data (YAML)."""
