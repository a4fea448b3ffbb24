"""Chunks in, ranked hits out. Imports `kb` only."""
