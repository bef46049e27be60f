"""民 办事: what a person sees and does."""
