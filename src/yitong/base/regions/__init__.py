"""行政区划: the tree of divisions from the nation to the village, with history."""
