"""Pages of governments, institutions, people and their records."""
