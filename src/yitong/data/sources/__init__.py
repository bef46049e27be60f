"""数据源: connections, readers, profiling and the sealed copy of a file's rows."""
