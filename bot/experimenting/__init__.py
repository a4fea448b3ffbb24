"""Experiments under way: who runs them, which arm serves a conversation, what an arm answers from."""
