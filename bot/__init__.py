"""A customer's message in, a cited answer, a question back or a hand-off out. Imports `kb` and `index`."""
