"""Data sets in; runs, reports and the gate a change must pass out."""
