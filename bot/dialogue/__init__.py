"""The decisions of a conversation, pure: no input or output, no clock, no chance."""
