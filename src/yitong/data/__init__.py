"""What government knows (一网通享)."""
