"""What leaves the desk: mails to customers, messages to other systems, and how each gets there once and in order."""
