"""Files that we make from what is stored: bytes of PDF and Word."""
