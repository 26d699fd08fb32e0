"""Are the numbers right as often as they say? Simulated experiments through the product's own SQL, beside a naive engine."""
