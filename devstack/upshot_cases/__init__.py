"""Runs directories of statistics cases through the product. Never shipped; the only code that knows both sides."""
