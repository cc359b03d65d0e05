"""The fixed cast and the small organisations that tests act in."""
