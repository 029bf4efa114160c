"""Readers who wait for a title or a copy."""
