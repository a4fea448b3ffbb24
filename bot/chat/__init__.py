"""A customer in the chat: a turn with the bot or with a person, stored as one transaction."""
