"""Port Methods: numpy, scipy and statsmodels, imported when the first analysis comes."""
