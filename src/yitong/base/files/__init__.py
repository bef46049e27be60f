"""文件: content stored by its hash, with its type checked and its size bounded."""
