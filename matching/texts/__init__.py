"""How alike texts are, whatever their language: vectors, words, likely concepts, procurement codes."""
