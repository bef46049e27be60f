"""目录: resources with the nine entries of 政务数据共享条例 art. 13, and their life."""
