"""Two settings served side by side: who gets which, and whether the difference between them is real. Pure."""
