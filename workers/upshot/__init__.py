"""Upshot: which change moved the customer's outcome?"""
