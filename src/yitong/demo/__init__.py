"""The made-up city 澜宁市, furnished through actions and told through HTTP and the command line."""
