"""What people type, read from a request and kept for the page that comes back."""
