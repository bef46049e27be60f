"""办 工作台: every duty of an official in one place, whatever the app."""
