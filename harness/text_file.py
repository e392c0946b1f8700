"""Read a text file that a user named, with an error that names it and says what to do."""

from pathlib import Path

from harness.errors import InputError, Problem


def read_text(path: Path, shown: str, *, create: str = "Do create it", encoding: str = "utf-8") -> str:
    """Return the text of a file; `shown` is its name in messages, `create` what to do when there is none.

    Raises: InputError when the file is absent, unreadable or no UTF-8.
    """
    try:
        return path.read_text(encoding=encoding)
    except FileNotFoundError as error:
        raise InputError([Problem(shown, 0, "", f"must exist. {create}")]) from error
    except OSError as error:
        message = f'must be a file that can be read; got "{error.strerror}". Do put a readable file there'
        raise InputError([Problem(shown, 0, "", message)]) from error
    except UnicodeDecodeError as error:
        message = f"must be UTF-8; byte {error.start} is not. Do save the file as UTF-8"
        raise InputError([Problem(shown, 0, "", message)]) from error
