"""A person of the team in the chat: who is there, who takes a conversation, what is said."""
