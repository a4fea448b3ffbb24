"""What people do with a conversation that was handed to them: tickets, queues, service levels."""
