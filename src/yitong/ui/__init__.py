"""The design system: components, templates and static files that every portal uses."""
