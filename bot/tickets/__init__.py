"""Tickets in hand: what the team, customers and rules do with one, and what happens to it by itself."""
