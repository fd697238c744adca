"""Why a file was not read. The message of each is one or two plain sentences for staff."""


class FileRefused(Exception):
    """The file cannot be read, or not safely."""


class LetterRefused(Exception):
    """The file is not a letter of the kind we read; str() says what was expected and where."""
