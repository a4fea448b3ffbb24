"""Articles and what became of them in, what about them needs a person's eye out; pure."""
