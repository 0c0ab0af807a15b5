"""Signing papers electronically, and reading what others have signed."""
