"""交换: the governed read, and the durable record of every use before the answer."""
