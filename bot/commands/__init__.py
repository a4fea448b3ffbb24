"""One module a command: `arguments(parser)` says what it takes, `run(options)` does it and returns an exit code."""
