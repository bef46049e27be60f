"""消息: what someone is told, who told it, why, and what to do next."""
