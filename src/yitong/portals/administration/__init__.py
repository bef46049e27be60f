"""管: agencies, posts, appointments and accounts, and delegations recorded at a counter."""
