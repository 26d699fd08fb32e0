"""What Upshot's workers know, without any input or output."""
