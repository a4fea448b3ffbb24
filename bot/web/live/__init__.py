"""Live chats over WebSockets: what customers and agents see as it happens, and what they send."""
