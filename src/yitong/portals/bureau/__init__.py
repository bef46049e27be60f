"""数 数据局: catalogue, approval and sharing."""
