"""Answers to an issue: how they are signed, how they come back, and the history that they are added to."""
