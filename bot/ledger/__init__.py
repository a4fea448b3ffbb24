"""What happened in each conversation, and every rate derived from it; pure: no database, clock or network."""
