"""Passages are stored, embedded and found again."""
