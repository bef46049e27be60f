"""密钥: the key store, sealing of personal columns, pseudonyms and their rotation."""
