"""What a person can do something about, in words.

DemoError
└── DatasetError
"""


class DemoError(Exception):
    """The demo cannot go on; the message says why and what to do."""


class DatasetError(DemoError):
    """The file of labelled requests cannot be used."""
