"""What `yitong doctor` looks at: each check says ok, warn or fail, what it saw, and what to do."""
