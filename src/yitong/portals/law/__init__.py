"""法 时限: what the law says about time, for anyone, without a log-in."""
