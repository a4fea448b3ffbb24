"""What the insights pages show: figures, the conversations behind them, gaps, and what ails articles."""
