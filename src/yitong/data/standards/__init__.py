"""标准: data elements and how a column is recognised as one."""
