"""Measurements that anyone can repeat: each prints a ratio against a reference taken in the same run."""
