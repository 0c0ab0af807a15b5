"""Measures the budgets of docs/architecture.md on a province's worth of data."""
