"""身份: persons, legal persons, agencies, posts, accounts and machine clients."""
