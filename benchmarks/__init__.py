"""Measurements of the product. Nothing here is installed with it."""
